using System.Diagnostics.Metrics;
using System.Security.Cryptography;

namespace Ipc.Hosting.TestApp;

/// <summary>Reads its stream and says what came, and how much of it waited at most.</summary>
[Listener]
internal sealed class UploadListener : IListener<Upload, UploadResult>
{
    public async ValueTask<UploadResult> HandleAsync(Upload message, MessageContext context, CancellationToken cancellationToken)
    {
        long waiting = 0;
        long most = 0;
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "ipc.streams.buffered")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((_, bytes, _, _) => most = Math.Max(most, Interlocked.Add(ref waiting, bytes)));
        meters.Start();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long read = 0;
        try
        {
            await foreach (ReadOnlyMemory<byte> piece in context.Stream.ReadAllAsync(cancellationToken))
            {
                if (read == 0)
                {
                    await File.AppendAllTextAsync(message.Marker, "started\n", CancellationToken.None);
                }

                hash.AppendData(piece.Span);
                read += piece.Length;
            }
        }
        catch (Exception e)
        {
            await File.AppendAllTextAsync(message.Marker, $"failed {(e as IpcException)?.Reason.ToString() ?? e.GetType().Name}\n", CancellationToken.None);
            throw;
        }

        return new UploadResult(Environment.ProcessId, read, Convert.ToHexString(hash.GetHashAndReset()), most, GC.GetGCMemoryInfo().HeapSizeBytes);
    }
}

/// <summary>Writes that many bytes.</summary>
[Listener]
internal sealed class DownloadListener : IListener<Download>
{
    public async ValueTask HandleAsync(Download message, MessageContext context, CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(message.Marker, "started\n", CancellationToken.None);
        try
        {
            await foreach (ReadOnlyMemory<byte> piece in Payload.Make(message.Bytes, null))
            {
                await context.Stream.WriteAsync(piece, cancellationToken);
            }
        }
        catch (Exception e)
        {
            await File.AppendAllTextAsync(message.Marker, $"failed {e.GetType().Name}\n", CancellationToken.None);
            throw;
        }
    }
}

/// <summary>Sends a stream without an end to another worker.</summary>
[Listener]
internal sealed class PassOnListener(IMessageSender sender) : IListener<PassOn>
{
    public async ValueTask HandleAsync(PassOn message, MessageContext context, CancellationToken cancellationToken) =>
        await sender.RequestWithStreamAsync(new Upload(message.Marker), Payload.Make(long.MaxValue, null), Target.Worker(message.To), cancellationToken: cancellationToken);
}

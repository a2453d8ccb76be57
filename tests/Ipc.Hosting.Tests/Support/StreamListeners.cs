namespace Ipc.Hosting.Tests;

/// <summary>Reads its stream, or not, as the message's name says, and records how it ended.</summary>
[Listener(Concurrent = true)]
internal sealed class ImportListener(Recorder recorder, Gates gates) : IListener<Import>
{
    public async ValueTask HandleAsync(Import message, MessageContext context, CancellationToken cancellationToken)
    {
        gates.Started.TrySetResult();
        byte[] buffer = new byte[10];
        try
        {
            switch (message.Name)
            {
                case "nothing":
                    break;
                case "ten bytes":
                    await context.Stream.ReadExactlyAsync(buffer, cancellationToken);
                    break;
                case "throws":
                    await context.Stream.ReadExactlyAsync(buffer, cancellationToken);
                    throw new InvalidTimeZoneException("no such zone");
                case "holds":
                    await context.Stream.ReadExactlyAsync(buffer, cancellationToken);
                    await gates.Release.Task.WaitAsync(cancellationToken);
                    break;
                default:
                    long read = 0;
                    await foreach (ReadOnlyMemory<byte> piece in context.Stream.ReadAllAsync(cancellationToken))
                    {
                        read += piece.Length;
                    }

                    recorder.Add($"{message.Name} {read}");
                    break;
            }
        }
        catch (Exception e)
        {
            recorder.Add($"{(e as IpcException)?.Reason.ToString() ?? e.GetType().Name}: {e.Message}");
            throw;
        }
    }
}

/// <summary>Reads up to a number of bytes and answers with their hash.</summary>
[Listener]
internal sealed class ImportSumListener : IListener<ImportSum, string>
{
    public async ValueTask<string> HandleAsync(ImportSum message, MessageContext context, CancellationToken cancellationToken)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        byte[] buffer = new byte[7_001];
        int left = message.Limit;
        while (left > 0 && await context.Stream.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), cancellationToken) is var read and not 0)
        {
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

/// <summary>Writes that many bytes in uneven pieces, then returns, throws, or waits for its token.</summary>
[Listener(Concurrent = true)]
internal sealed class ExportListener(Gates gates, Recorder recorder) : IListener<Export>
{
    public async ValueTask HandleAsync(Export message, MessageContext context, CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = StreamBytes.Make(message.Bytes);
            for (int at = 0; at < bytes.Length; at += 33_333)
            {
                await context.Stream.WriteAsync(bytes.AsMemory(at, Math.Min(33_333, bytes.Length - at)), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            recorder.Add("stopped");
            gates.Cancelled.TrySetResult();
            throw;
        }

        switch (message.End)
        {
            case "throws":
                throw new InvalidTimeZoneException("no such zone");
            case "waits":
                await gates.Release.Task.WaitAsync(cancellationToken);
                break;
        }
    }
}

[Listener("PIPE_MESSAGE.test.asked")]
internal sealed class DeafToQuestionsListener : IListener<Asked>
{
    public ValueTask HandleAsync(Asked message, MessageContext context, CancellationToken cancellationToken) => default;
}

using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ipc.Processes;

/// <summary>Takes what a supervisor's workers print where their groups want it, whole lines at a time.</summary>
internal sealed class WorkerOutput(ILoggerFactory loggers, IServiceProvider services) : IDisposable
{
    /// <summary>A line that is longer goes in pieces.</summary>
    internal const int BufferSize = 64 << 10;

    private readonly OutputThread _thread = new();
    private readonly OutputLog _log = new(loggers, services.GetServices<ILoggerProvider>().OfType<ConsoleLoggerProvider>().FirstOrDefault());

    /// <summary>Reads both streams of a worker until they are closed.</summary>
    /// <param name="worker">Whose they are.</param>
    /// <param name="mode">What becomes of the lines.</param>
    /// <param name="output">Its standard output.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="lastWords">Sees them as well.</param>
    public Task ReadAsync(PeerId worker, IpcOutput mode, Stream output, Stream error, LastWords lastWords) => Task.WhenAll(
        ReadAsync(output, mode == IpcOutput.Log ? new LogSink(_log, worker, isError: false, lastWords) : new PassThroughSink(Console.OpenStandardOutput(), Console.Out), _thread, null),
        ReadAsync(error, mode == IpcOutput.Log ? new LogSink(_log, worker, isError: true, lastWords) : new PassThroughSink(Console.OpenStandardError(), Console.Error), _thread, lastWords));

    public void Dispose() => _thread.Dispose();

    /// <summary>Reads one stream until the worker's end of the pipe is closed.</summary>
    internal static async Task ReadAsync(Stream from, IOutputSink to, OutputThread thread, LastWords? errors)
    {
        byte[] buffer = new byte[BufferSize];
        int filled = 0;
        try
        {
            while (true)
            {
                int read = await from.ReadAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
                filled += read;
                int end = read == 0 ? filled : buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
                bool isCut = end == 0 && filled == buffer.Length;
                if (isCut)
                {
                    end = filled - IncompleteAtEnd(buffer);
                }

                if (end > 0)
                {
                    errors?.Add(buffer.AsSpan(0, end));
                    await thread.WriteAsync(to, buffer.AsMemory(0, end), isCut).ConfigureAwait(false);
                    buffer.AsSpan(end, filled - end).CopyTo(buffer);
                    filled -= end;
                }

                if (read == 0)
                {
                    return;
                }
            }
        }
        catch (IOException)
        {
            // The supervisor's own output is closed; the worker must not block on a pipe that nobody reads.
            await from.CopyToAsync(Stream.Null).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The worker has been disposed of, and its output with it, or the supervisor.
            return;
        }
    }

    /// <summary>How many bytes at the end are the beginning of a character.</summary>
    private static int IncompleteAtEnd(ReadOnlySpan<byte> bytes) =>
        Rune.DecodeLastFromUtf8(bytes, out _, out int length) == System.Buffers.OperationStatus.NeedMoreData ? length : 0;
}

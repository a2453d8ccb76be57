namespace Ipc.Processes;

/// <summary>Copies what a worker prints to the supervisor's own output, whole lines at a time, so that lines of several workers do not mix.</summary>
internal static class WorkerOutput
{
    private const int BufferSize = 64 << 10;

    private static readonly Lock Gate = new();

    /// <summary>Copies until the worker's end of the pipe is closed.</summary>
    /// <param name="from">The worker's end.</param>
    /// <param name="to">The supervisor's own output.</param>
    /// <param name="last">Sees every line, when it is given.</param>
    public static async Task CopyLinesAsync(Stream from, Stream to, LastLine? last = null)
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
                if (end == 0 && filled == buffer.Length)
                {
                    // A line longer than the buffer goes in pieces.
                    end = filled;
                }

                if (end > 0)
                {
                    last?.Add(buffer.AsSpan(0, end));
                    WriteWhole(to, buffer.AsSpan(0, end));
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
            // The worker has been disposed of: its output ended with it.
            return;
        }
    }

    private static void WriteWhole(Stream to, ReadOnlySpan<byte> lines)
    {
        lock (Gate)
        {
            to.Write(lines);
            if (lines[^1] != (byte)'\n')
            {
                to.WriteByte((byte)'\n');
            }

            to.Flush();
        }
    }
}

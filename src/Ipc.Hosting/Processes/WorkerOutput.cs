namespace Ipc.Processes;

/// <summary>Copies what a worker prints to the supervisor's own output, whole lines at a time, so that lines of several workers do not mix.</summary>
internal static class WorkerOutput
{
    private const int BufferSize = 64 << 10;

    private static readonly Lock Gate = new();

    /// <summary>Copies until the worker's end of the pipe is closed.</summary>
    public static async Task CopyLinesAsync(Stream from, Stream to)
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

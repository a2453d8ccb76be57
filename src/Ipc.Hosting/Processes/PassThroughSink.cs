namespace Ipc.Processes;

/// <summary>Copies lines as they are, each call at once, so that lines of several workers, and what this process prints itself, do not mix.</summary>
/// <param name="to">The stream below the console's writer.</param>
/// <param name="writer">The console's writer: its methods lock it while they write.</param>
internal sealed class PassThroughSink(Stream to, TextWriter writer) : IOutputSink
{
    public void Write(ReadOnlySpan<byte> lines, bool isCut)
    {
        lock (writer)
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

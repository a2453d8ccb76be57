namespace Ipc.Processes;

/// <summary>Copies lines as they are, each call at once, so that lines of several workers do not mix.</summary>
internal sealed class PassThroughSink(Stream to) : IOutputSink
{
    public void Write(ReadOnlySpan<byte> lines, bool isCut)
    {
        to.Write(lines);
        if (lines[^1] != (byte)'\n')
        {
            to.WriteByte((byte)'\n');
        }

        to.Flush();
    }
}

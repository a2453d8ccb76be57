namespace Ipc.Processes;

/// <summary>Where lines of one worker's stream go. For one thread at a time.</summary>
internal interface IOutputSink
{
    /// <summary>Writes lines; may block as long as its target is slow.</summary>
    /// <param name="lines">Whole lines in UTF-8; the last one has no line feed at the end of the stream.</param>
    /// <param name="isCut">The last line was longer than the reader's buffer and goes on in the next call.</param>
    /// <exception cref="IOException">The target is gone: nothing can be written any more.</exception>
    void Write(ReadOnlySpan<byte> lines, bool isCut);
}

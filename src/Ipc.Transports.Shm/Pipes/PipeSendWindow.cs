namespace Ipc.Transports.Pipes;

/// <summary>What a pipe's writer has sent, and how far its reader says that it is: decides whether there is room. Not thread-safe: the lane has a lock.</summary>
internal sealed class PipeSendWindow
{
    private readonly byte[] _received = new byte[PipeAcknowledgement.Size * 64];
    private PipeAcknowledgement _acknowledged;
    private long _sentBytes;
    private long _lookedAt; // how many frames were sent when acknowledgements were looked for last
    private int _partial;

    /// <summary>Frames that were admitted: the position of the last one.</summary>
    public long SentFrames { get; private set; }

    /// <summary>Those that the reader has not finished, as far as is known.</summary>
    public long UnfinishedFrames => SentFrames - _acknowledged.FinishedFrames;

    /// <summary>Where the next bytes of acknowledgements are received.</summary>
    public Memory<byte> Space => _received.AsMemory(_partial);

    /// <summary>Whether a frame of this size may be sent now.</summary>
    public bool HasRoom(int bytes)
    {
        long outstanding = _sentBytes - _acknowledged.TakenBytes;
        return SentFrames - _acknowledged.TakenFrames < PipeWindow.Frames && (outstanding == 0 || outstanding + bytes <= PipeWindow.Bytes);
    }

    /// <summary>Whether it is time to look for acknowledgements before a frame of this size is sent; says so once.</summary>
    public bool IsTimeToLook(int bytes)
    {
        if (SentFrames - _lookedAt < PipeWindow.FramesPerLook && _sentBytes - _acknowledged.TakenBytes + bytes <= PipeWindow.Bytes / 2)
        {
            return false;
        }

        _lookedAt = SentFrames;
        return true;
    }

    /// <summary>A frame is sent.</summary>
    /// <returns>Its position.</returns>
    public long Admit(int bytes)
    {
        _sentBytes += bytes;
        return ++SentFrames;
    }

    /// <summary>The last frame that was admitted was not sent after all.</summary>
    public void TakeBack(int bytes)
    {
        _sentBytes -= bytes;
        SentFrames--;
    }

    /// <summary>Bytes have arrived in <see cref="Space"/>.</summary>
    /// <returns>Whether they are legal: the numbers come from another process, and may not run ahead of what was sent, nor back, nor say nothing new, which could be said for ever.</returns>
    public bool TryAccept(int received)
    {
        int available = _partial + received;
        int whole = available / PipeAcknowledgement.Size * PipeAcknowledgement.Size;
        bool isLegal = true;
        if (whole > 0)
        {
            PipeAcknowledgement newest = PipeAcknowledgement.Read(_received.AsSpan(whole - PipeAcknowledgement.Size));
            isLegal = newest != _acknowledged
                && newest.TakenFrames >= _acknowledged.TakenFrames && newest.TakenFrames <= SentFrames
                && newest.TakenBytes >= _acknowledged.TakenBytes && newest.TakenBytes <= _sentBytes
                && newest.FinishedFrames >= _acknowledged.FinishedFrames && newest.FinishedFrames <= SentFrames;
            _acknowledged = isLegal ? newest : _acknowledged;
        }

        _received.AsSpan(whole, available - whole).CopyTo(_received);
        _partial = available - whole;
        return isLegal;
    }
}

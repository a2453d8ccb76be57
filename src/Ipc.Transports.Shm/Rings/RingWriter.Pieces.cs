namespace Ipc.Transports.Rings;

/// <content>Frames larger than half of the ring that get no segment: they go in pieces, as room appears; one that is given up half-way is ended by a record of its own.</content>
internal sealed unsafe partial class RingWriter
{
    private static readonly TimeSpan PiecesGrace = TimeSpan.FromSeconds(5);
    private bool _owesAbort;

    private bool TryWriteAbort_NeedsLock()
    {
        if (!TryMakeRoom_NeedsLock(RingLayout.RecordHeaderSize))
        {
            return false;
        }

        *(ulong*)(_ring.Data + (_head & (uint)(_capacity - 1))) = RingLayout.RecordHeader(0, RecordKind.Abort, RecordFlags.None);
        _head += RingLayout.RecordHeaderSize;
        Volatile.Write(ref _ring.Head, _head); // release, as for every record
        _owesAbort = false;
        return true;
    }

    private bool TryPublishPieces_NeedsLock(WaitingFrame frame)
    {
        int most = (_capacity / 4) - RingLayout.RecordHeaderSize;
        while (frame.Sent < frame.Length)
        {
            bool isFirst = frame.Sent == 0;
            int prefix = isFirst ? RingLayout.AssemblyPrefixSize : 0;
            int length = Math.Min(most, frame.Rest.Length + prefix);
            if (!TryMakeRoom_NeedsLock(RingLayout.RecordSize(length)))
            {
                return false;
            }

            byte* place = _ring.Data + (_head & (uint)(_capacity - 1)) + RingLayout.RecordHeaderSize;
            if (isFirst)
            {
                *(ulong*)place = (uint)frame.Length;
            }

            int taken = length - prefix;
            frame.Rest[..taken].CopyTo(new Span<byte>(place + prefix, taken));
            frame.Sent += taken;
            bool isLast = frame.Sent == frame.Length;
            PublishRecord_NeedsLock(length, RecordKind.Frame, (isFirst ? RecordFlags.First : RecordFlags.None) | (isLast ? RecordFlags.Last : RecordFlags.None));
            if (!isLast)
            {
                _loop.Pass(KillPoint.PieceWritten);
                Notify_NeedsLock(); // so that the reader makes room while we go on
            }
        }

        return true;
    }
}

using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Benchmarks.Raw;

/// <summary>
/// What two processes could do at best with this memory: a ring each way in the product's layout and waiting as the product waits, but one thread on each side, no
/// lock, no crash cursor, no ledger, no dispatch. The reader copies every frame out.
/// </summary>
internal sealed unsafe class RawRingEnd : IDisposable
{
    private const int Pauses = 50; // the product's defaults
    private const int Yields = 200;

    private readonly RingMemory _out;
    private readonly RingMemory _in;
    private readonly DoorbellSegment _own;
    private readonly DoorbellSegment _other;
    private readonly WaitMode _mode;
    private readonly AdaptiveSpin _spin = new(Pauses, Yields);
    private readonly ulong _outMask;
    private readonly ulong _inMask;
    private ulong _head;
    private ulong _othersTail;
    private ulong _position;
    private ulong _tail;
    private ulong _othersHead;
    private ulong _episode;
    private ulong _lastRung;
    private ulong _wanted;
    private bool _waitsForFrame;
    private bool _waitsForRoom;

    private RawRingEnd(RingMemory outgoing, RingMemory incoming, DoorbellSegment own, DoorbellSegment other, WaitMode mode)
    {
        _out = outgoing;
        _in = incoming;
        _own = own;
        _other = other;
        _mode = mode;
        _outMask = (ulong)outgoing.Capacity - 1;
        _inMask = (ulong)incoming.Capacity - 1;
    }

    /// <summary>Opens the ends of the echoing process.</summary>
    public static RawRingEnd Open(RingHandles handles, string row) => new(
        Map(handles, handles.Answers, RingRole.Writer),
        Map(handles, handles.Requests, RingRole.Reader),
        DoorbellSegment.Open(Descriptor(handles, handles.EchoDoorbell), isOwner: true),
        DoorbellSegment.Open(Descriptor(handles, handles.AskerDoorbell), isOwner: false),
        ModeOf(row));

    /// <summary>Opens the ends of the asking process.</summary>
    public static RawRingEnd OpenAsker(RingHandles handles, string row) => new(
        Map(handles, handles.Requests, RingRole.Writer),
        Map(handles, handles.Answers, RingRole.Reader),
        DoorbellSegment.Open(Descriptor(handles, handles.AskerDoorbell), isOwner: true),
        DoorbellSegment.Open(Descriptor(handles, handles.EchoDoorbell), isOwner: false),
        ModeOf(row));

    /// <summary>Writes a frame if there is room.</summary>
    public bool TryWrite(ReadOnlySpan<byte> frame)
    {
        ulong size = (ulong)RingLayout.RecordSize(frame.Length);
        ulong offset = _head & _outMask;
        ulong untilEnd = (ulong)_out.Capacity - offset;
        ulong padding = size <= untilEnd ? 0 : untilEnd;
        if (!HasRoom(padding + size))
        {
            _wanted = padding + size;
            return false;
        }

        if (padding != 0)
        {
            *(ulong*)(_out.Data + offset) = RingLayout.RecordHeader((int)padding - RingLayout.RecordHeaderSize, RecordKind.Padding, RecordFlags.None);
            _head += padding;
            offset = 0;
        }

        *(ulong*)(_out.Data + offset) = RingLayout.RecordHeader(frame.Length, RecordKind.Frame, RecordFlags.Whole);
        frame.CopyTo(new Span<byte>(_out.Data + offset + RingLayout.RecordHeaderSize, frame.Length));
        _head += size;
        Volatile.Write(ref _out.Head, _head); // publishes the record; pairs with the reader's load in HasFrame
        if (_mode != WaitMode.Spin)
        {
            Interlocked.MemoryBarrier(); // pairs with the fence in Park
            _other.RingIfParked(_other.Parked, ref _lastRung);
        }

        return true;
    }

    /// <summary>Copies the next frame out if there is one.</summary>
    public bool TryRead(Span<byte> destination, out int length)
    {
        length = 0;
        if (!HasFrame)
        {
            GiveBack();
            return false;
        }

        ulong header = *(ulong*)(_in.Data + (_position & _inMask));
        if ((RecordKind)(ushort)(header >> 32) == RecordKind.Padding)
        {
            _position += (ulong)RingLayout.RecordSize((uint)header);
            header = *(ulong*)(_in.Data + (_position & _inMask)); // published together with the padding before it
        }

        length = (int)(uint)header;
        new ReadOnlySpan<byte>(_in.Data + (_position & _inMask) + RingLayout.RecordHeaderSize, length).CopyTo(destination);
        _position += (ulong)RingLayout.RecordSize(length);
        if (_position - _tail >= (ulong)_in.Capacity / 8)
        {
            GiveBack();
        }

        return true;
    }

    /// <summary>Waits for a frame to read.</summary>
    public void WaitForFrame() => Wait(forFrame: true, forRoom: false);

    /// <summary>Waits for room for the frame that did not fit; frames to read do not count.</summary>
    public void WaitForRoom() => Wait(forFrame: false, forRoom: true);

    /// <summary>Waits for either.</summary>
    public void WaitForFrameOrRoom() => Wait(forFrame: true, forRoom: true);

    public void Dispose()
    {
        _out.Dispose();
        _in.Dispose();
        _own.Dispose();
        _other.Dispose();
    }

    private bool HasFrame => _othersHead != _position || (_othersHead = Volatile.Read(ref _in.Head)) != _position;

    private bool HasWantedRoom => _head + _wanted - Volatile.Read(ref _out.Tail) <= (ulong)_out.Capacity;

    private bool IsReady => (_waitsForFrame && HasFrame) || (_waitsForRoom && HasWantedRoom);

    private bool HasRoom(ulong size)
    {
        if (_head + size - _othersTail <= (ulong)_out.Capacity)
        {
            return true;
        }

        _othersTail = Volatile.Read(ref _out.Tail); // pairs with the reader's store in GiveBack
        return _head + size - _othersTail <= (ulong)_out.Capacity;
    }

    private void GiveBack()
    {
        if (_tail == _position)
        {
            return;
        }

        _tail = _position;
        Volatile.Write(ref _in.Tail, _position);
        if (_mode != WaitMode.Spin)
        {
            Interlocked.MemoryBarrier(); // pairs with the fence in Park
            if (Volatile.Read(ref _in.WriterParked) != 0)
            {
                _other.RingIfParked(_other.Parked, ref _lastRung);
            }
        }
    }

    private void Wait(bool forFrame, bool forRoom)
    {
        _waitsForFrame = forFrame;
        _waitsForRoom = forRoom;
        if (_mode == WaitMode.Spin)
        {
            while (!IsReady)
            {
                Thread.SpinWait(1);
            }
        }
        else if (_mode == WaitMode.Futex || !_spin.TryWait(this, static end => end.IsReady))
        {
            Park();
        }
    }

    private void Park()
    {
        uint bell = Volatile.Read(ref *_own.Bell);
        _episode += 2; // an even one: the reader's bell
        Volatile.Write(ref *_own.Parked, _episode);
        if (_waitsForRoom)
        {
            Volatile.Write(ref _out.WriterParked, _episode);
        }

        Interlocked.MemoryBarrier(); // pairs with the other side's fence: it sees that we sleep, or we see what it has published
        if (!IsReady)
        {
            Futex.Wait(_own.Bell, bell, Timeout.InfiniteTimeSpan);
        }

        Volatile.Write(ref *_own.Parked, 0);
        Volatile.Write(ref _out.WriterParked, 0);
    }

    private static WaitMode ModeOf(string row) => row switch
    {
        Rows.RawRingSpin => WaitMode.Spin,
        Rows.RawRingFutex => WaitMode.Futex,
        _ => WaitMode.Adaptive,
    };

    private static RingMemory Map(RingHandles handles, int descriptor, RingRole role)
    {
        using SharedSegment segment = SharedSegment.Open(Descriptor(handles, descriptor), handles.Length);
        return RingMemory.Map(segment, role);
    }

    private static SafeFileHandle Descriptor(RingHandles handles, int number) =>
        File.OpenHandle(FormattableString.Invariant($"/proc/{handles.ProcessId}/fd/{number}"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Dispatch;

/// <summary>
/// Lends the bytes of a run's messages. While the listener's thread is inside the transport's call they are in the transport's memory, of which only that thread gets spans: nobody
/// could know when another one has let go of one. Afterwards they are in a copy. Bytes of a message that has left its lane are where its lease has them.
/// </summary>
/// <remarks>Costs nothing before something is lent. Belongs to one run and is used again with it.</remarks>
internal sealed unsafe class LentBytes(MessageRun run) : MessageBytesOwner
{
    private readonly Lock _gate = new();
    private long _loan = 1; // counts the messages of which something was lent
    private bool _isLent;
    private byte* _place; // the body, in memory that does not move; else null
    private int _length;
    private int _thread; // the one that runs the listener there; else 0
    private FrameLease? _lease;
    private byte[]? _copy;

    /// <summary>The listener goes on when the transport's call has returned: its bytes are saved. Called before that, on the thread of the call.</summary>
    public void Save()
    {
        if (_isLent)
        {
            lock (_gate)
            {
                Save_NeedsLock();
                _place = null;
                _thread = 0;
            }
        }
    }

    /// <summary>The message has ended, and its bytes go. Who is copying them is waited for.</summary>
    public void End()
    {
        if (!_isLent)
        {
            return;
        }

        byte[]? copy;
        lock (_gate)
        {
            Volatile.Write(ref _loan, _loan + 1);
            _place = null;
            _thread = 0;
            _lease = null;
            copy = _copy;
            _copy = null;
            _isLent = false;
        }

        if (copy is not null)
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    /// <inheritdoc/>
    protected override bool TryLend(ReadOnlySpan<byte> body, int start, int length, out MessageBytes bytes)
    {
        if (!_isLent)
        {
            if (run.Lease is { } lease)
            {
                _lease = lease;
            }
            else if (run.Inbound.TryBorrow())
            {
                _place = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(body));
                _length = body.Length;
                _thread = Environment.CurrentManagedThreadId;
            }
            else
            {
                bytes = default;
                return false;
            }

            _isLent = true;
        }

        bytes = Lent(_loan, start, length);
        return true;
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> GetSpan(long loan, int start, int length)
    {
        if (IsInPlace(loan))
        {
            return new ReadOnlySpan<byte>(_place + start, length);
        }

        lock (_gate)
        {
            Check_NeedsLock(loan);
            Save_NeedsLock();
            return Body_NeedsLock().Slice(start, length);
        }
    }

    /// <inheritdoc/>
    protected override void CopyTo(long loan, int start, Span<byte> destination)
    {
        if (IsInPlace(loan))
        {
            new ReadOnlySpan<byte>(_place + start, destination.Length).CopyTo(destination);
            return;
        }

        lock (_gate)
        {
            Check_NeedsLock(loan);
            Body_NeedsLock().Slice(start, destination.Length).CopyTo(destination);
        }
    }

    /// <summary>Whether this is the thread that runs the listener where the bytes are: only it ends that.</summary>
    private bool IsInPlace(long loan) => _thread == Environment.CurrentManagedThreadId && Volatile.Read(ref _loan) == loan && _place is not null;

    private void Check_NeedsLock(long loan)
    {
        if (loan != _loan)
        {
            throw Ended();
        }
    }

    private ReadOnlySpan<byte> Body_NeedsLock() =>
        _copy is not null ? _copy : _lease is not null ? _lease.Bytes[run.BodyOffset..] : new ReadOnlySpan<byte>(_place, _length);

    private void Save_NeedsLock()
    {
        if (_copy is null && _lease is null)
        {
            _copy = ArrayPool<byte>.Shared.Rent(_length);
            new ReadOnlySpan<byte>(_place, _length).CopyTo(_copy);
        }
    }
}

using System.Buffers.Binary;
using Ipc.Transports.Interop;

namespace Ipc.Transports.Control;

/// <summary>One control connection: cuts bytes into messages, and queues what cannot be sent at once. Used on the control thread only.</summary>
internal sealed class ControlConnection : IPollable
{
    private const int FirstBufferSize = 4 << 10;
    private const int BackPressureBytes = 1 << 20;
    private const int BackPressureDescriptors = 64;
    private const int ReadsPerTurn = 16;
    private const int TurnsForTheRest = 256;

    private readonly ControlLoop _loop;
    private readonly List<FileDescriptor> _descriptors = [];
    private readonly Queue<Outgoing> _outgoing = new();
    private byte[] _buffer = new byte[FirstBufferSize];
    private int _count;
    private int _sentOfFirst;
    private long _queuedBytes;
    private int _queuedDescriptors;
    private byte[]? _latest;
    private bool _closed;
    private bool _isDeaf; // the peer receives no more

    /// <summary>Watches a connected socket.</summary>
    public ControlConnection(ControlLoop loop, FileDescriptor socket, IControlHandler handler, bool acceptsDescriptors)
    {
        _loop = loop;
        Handler = handler;
        Descriptor = socket;
        AcceptsDescriptors = acceptsDescriptors;
        loop.Add(this);
    }

    private readonly record struct Outgoing(byte[] Bytes, FileDescriptor[] Descriptors);

    /// <inheritdoc/>
    public FileDescriptor Descriptor { get; }

    /// <summary>Hears what happens; replaced when the peer has been admitted.</summary>
    public IControlHandler Handler { get; set; }

    /// <summary>Whether the peer may send descriptors; only a supervisor does.</summary>
    public bool AcceptsDescriptors { get; }

    /// <summary>Largest payload that is accepted now, in bytes.</summary>
    public int MaxPayload { get; set; } = ControlProtocol.MaxGreetingSize;

    /// <summary>Whether text may come instead of the first message.</summary>
    public bool AcceptsText { get; set; }

    /// <summary>Left unread while set: the peer has to wait.</summary>
    public bool IsPaused { get; set; }

    /// <inheritdoc/>
    public long DueAt { get; set; } = long.MaxValue;

    /// <summary>What is to be said when <see cref="DueAt"/> has come.</summary>
    public string DueReason { get; set; } = "its time is over";

    /// <summary>Whether much waits here that the peer does not receive: nothing is read from it meanwhile, so that what it asks for does not pile up, least of all descriptors.</summary>
    public bool IsBehind => _queuedBytes > BackPressureBytes || _queuedDescriptors > BackPressureDescriptors;

    /// <inheritdoc/>
    public short Events => (short)(
        (IsPaused || IsBehind ? 0 : Libc.PollIn) | (_outgoing.Count > 0 || _latest is not null ? Libc.PollOut : 0));

    /// <inheritdoc/>
    public void OnReady(short events)
    {
        if ((events & (Libc.PollHangUp | Libc.PollError)) != 0)
        {
            EndSending(); // before it is noticed by a send: what the peer had said before is read to its end
        }
        else if ((events & Libc.PollOut) != 0)
        {
            Flush();
        }

        if (IsPaused && (events & (Libc.PollHangUp | Libc.PollError)) != 0)
        {
            Close("the other end closed it");
        }
        else if ((events & (Libc.PollIn | Libc.PollHangUp | Libc.PollError)) != 0)
        {
            Receive();
        }
    }

    /// <inheritdoc/>
    public void OnDue()
    {
        if (_isDeaf)
        {
            ReceiveRest();
        }

        Close(DueReason);
    }

    /// <inheritdoc/>
    public void OnError(Exception error) => Close(error.Message);

    /// <summary>Sends a message. The descriptors are disposed as soon as the kernel has them.</summary>
    public void Send(byte[] message, params FileDescriptor[] descriptors)
    {
        if (_closed || _isDeaf)
        {
            DisposeAll(descriptors);
            return;
        }

        _outgoing.Enqueue(new Outgoing(message, descriptors));
        _queuedBytes += message.Length;
        _queuedDescriptors += descriptors.Length;
        Flush();
    }

    /// <summary>Sends a message that replaces an unsent one of its kind: a directory. So a peer that does not read costs one, not many.</summary>
    public void SendLatest(byte[] message)
    {
        if (!_isDeaf)
        {
            _latest = message;
            Flush();
        }
    }

    /// <summary>The peer's process has ended: reads what it had sent before. Not from within a handler.</summary>
    public void ReceiveRest()
    {
        EndSending();
        for (int i = 0; i < TurnsForTheRest && !_closed && Receive(); i++)
        {
        }
    }

    /// <summary>Goes on reading after a pause.</summary>
    public void Unpause()
    {
        IsPaused = false;
        Parse();
    }

    /// <summary>Gives the socket to another owner: this connection is none any more, and its handler hears nothing of it.</summary>
    /// <param name="received">What has been read from it.</param>
    public FileDescriptor Detach(out byte[] received)
    {
        _closed = true;
        _loop.Remove(this);
        DisposeAll(_descriptors);
        EndSending();
        received = _buffer[.._count];
        _buffer = [];
        return Descriptor;
    }

    /// <summary>Ends the connection.</summary>
    public void Close(string reason)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _loop.Remove(this);
        Descriptor.Dispose();
        DisposeAll(_descriptors);
        EndSending();
        _buffer = [];
        Handler.OnClosed(this, reason);
    }

    private static void DisposeAll(IEnumerable<FileDescriptor> descriptors)
    {
        foreach (FileDescriptor descriptor in descriptors)
        {
            descriptor.Dispose();
        }
    }

    /// <summary>What waits for the peer reaches nobody.</summary>
    private void EndSending()
    {
        _isDeaf = true;
        foreach (Outgoing outgoing in _outgoing)
        {
            DisposeAll(outgoing.Descriptors);
        }

        _outgoing.Clear();
        _latest = null;
        _queuedBytes = 0;
        _queuedDescriptors = 0;
    }

    /// <returns>Whether there may be more.</returns>
    private bool Receive()
    {
        for (int i = 0; i < ReadsPerTurn && !_closed && !IsPaused && !IsBehind; i++)
        {
            if (_count == _buffer.Length)
            {
                // Full without a whole message in it: Parse has checked the length that it announces, so this growth is bounded by MaxPayload.
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            IoStatus status = UnixSocket.TryReceive(Descriptor, _buffer.AsSpan(_count), _descriptors, out int received);
            if (status == IoStatus.WouldBlock)
            {
                return false;
            }

            if (status != IoStatus.Done)
            {
                Close(status == IoStatus.EndOfStream ? "the other end closed it" : "the connection broke");
                return false;
            }

            _count += received;
            Parse();
        }

        return !IsPaused;
    }

    private void Parse()
    {
        if (AcceptsText && _count >= sizeof(uint))
        {
            AcceptsText = false;
            if (_buffer[sizeof(uint) - 1] != 0)
            {
                Handler.OnText(this); // a payload of 16 MiB and more would be too long anyway, and text has no zero byte
                return;
            }
        }

        int offset = 0;
        while (!_closed && !IsPaused && _count - offset >= ControlProtocol.HeaderSize)
        {
            ReadOnlySpan<byte> header = _buffer.AsSpan(offset, ControlProtocol.HeaderSize);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
            int descriptorCount = header[5];
            if (length > (uint)MaxPayload || descriptorCount > UnixSocket.MaxDescriptors || (header[6] | header[7]) != 0)
            {
                Close($"it sent what is not a control message (length {length}, at most {MaxPayload})");
                return;
            }

            int total = ControlProtocol.HeaderSize + (int)length;
            if (_count - offset < total)
            {
                break;
            }

            // The kernel hands descriptors over together with the first byte of their message: whole message, all descriptors.
            if (descriptorCount > _descriptors.Count || (descriptorCount > 0 && !AcceptsDescriptors))
            {
                Close("its descriptors do not match its message");
                return;
            }

            FileDescriptor[] own = descriptorCount == 0 ? [] : [.. _descriptors.Take(descriptorCount)];
            _descriptors.RemoveRange(0, descriptorCount);
            string? error = Handler.OnMessage(this, (ControlMessageType)header[4], _buffer.AsSpan(offset + ControlProtocol.HeaderSize, (int)length), own);
            if (error is not null)
            {
                Close(error);
                return;
            }

            offset += total;
        }

        if (_closed)
        {
            return;
        }

        _buffer.AsSpan(offset, _count - offset).CopyTo(_buffer);
        _count -= offset;
        if (_descriptors.Count > (AcceptsDescriptors && _count > 0 ? UnixSocket.MaxDescriptors : 0) && !IsPaused)
        {
            Close("it sent descriptors that belong to no message");
        }
    }

    private void Flush()
    {
        while (!_isDeaf)
        {
            if (_outgoing.Count == 0)
            {
                if (_latest is null)
                {
                    return;
                }

                _outgoing.Enqueue(new Outgoing(_latest, []));
                _queuedBytes += _latest.Length;
                _latest = null;
            }

            Outgoing first = _outgoing.Peek();
            FileDescriptor[] descriptors = _sentOfFirst == 0 ? first.Descriptors : [];
            IoStatus status = UnixSocket.TrySend(Descriptor, first.Bytes.AsSpan(_sentOfFirst), descriptors, out int sent);
            if (status == IoStatus.WouldBlock)
            {
                return;
            }

            if (status != IoStatus.Done)
            {
                // Not closed here: this may be within a handler, and what the peer had sent before it ended is still to be read.
                EndSending();
                DueAt = 0;
                DueReason = "the connection broke";
                return;
            }

            DisposeAll(descriptors);
            _queuedDescriptors -= descriptors.Length;
            _sentOfFirst += sent;
            if (_sentOfFirst == first.Bytes.Length)
            {
                _sentOfFirst = 0;
                _queuedBytes -= first.Bytes.Length;
                _outgoing.Dequeue();
            }
        }
    }
}

using System.Buffers.Binary;
using System.Text;
using Ipc.Transports.Memory;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>
/// The supervisor's end of a ring: makes it, hands its descriptor to both peers, closes it. The supervisor never touches the writer's page, and the reader's
/// only in <see cref="PostMortem"/>, between two readers.
/// </summary>
/// <remarks>
/// For the broker: <see cref="Create"/> at the first send between two peers; send <see cref="Descriptor"/> and <see cref="Length"/> to the sender, which calls
/// <see cref="RingWriter.Open"/>, and to the receiver, which calls <see cref="RingReaderLoop.Attach"/>. When the receiver's incarnation ends: <see cref="PostMortem.Run"/>,
/// set <see cref="ReaderDoorbell"/> to the successor's, tell the writer (<see cref="RingWriter.SetReaderDoorbell"/>), attach the successor: it goes on by itself.
/// When the sender's ends: <see cref="Close"/>; the reader drains and then reports <see cref="IRingObserver.LaneDrained"/>. When the id is given up: <see cref="Close"/>.
/// </remarks>
internal sealed partial class RingSegment : IDisposable
{
    private readonly SharedSegment _segment;
    private readonly RingMemory _memory;
    private bool _disposed;

    private RingSegment(SharedSegment segment, RingMemory memory, long ringId, PeerId sender, PeerId receiver, LaneKind kind)
    {
        _segment = segment;
        _memory = memory;
        RingId = ringId;
        Sender = sender;
        Receiver = receiver;
        Kind = kind;
    }

    /// <summary>The number by which ledger and broker know the ring; never used twice in a cluster.</summary>
    public long RingId { get; }

    /// <summary>Who writes: one exact incarnation.</summary>
    public PeerId Sender { get; }

    /// <summary>Who reads: for an inbox the worker id, whatever its incarnation.</summary>
    public PeerId Receiver { get; }

    /// <summary>What the lane is for.</summary>
    public LaneKind Kind { get; }

    /// <summary>What is handed to the two peers.</summary>
    public SafeFileHandle Descriptor => _segment.Descriptor;

    /// <summary>Size of the segment; announced with the descriptor, checked before it is mapped.</summary>
    public int Length => _segment.Length;

    /// <summary>Rung when the ring is closed, or its reader has died while the writer waits for room.</summary>
    public DoorbellSegment? WriterDoorbell { get; set; }

    /// <summary>Rung when the ring is closed, or its writer has died. Belongs to the present reading incarnation.</summary>
    public DoorbellSegment? ReaderDoorbell { get; set; }

    /// <summary>Whether every frame that was accepted has been taken by a reader, and none of them waits in the ledger for the next incarnation.</summary>
    public bool IsDrained => !HasWaiting && Volatile.Read(ref Memory.Done) >= (IsClosed ? Memory.FinalHead : Volatile.Read(ref Memory.Head));

    /// <summary>What was published and no reader has taken, in bytes. Two processes write the two numbers: whatever they say, between none and all of the ring.</summary>
    public long WaitingBytes => Math.Clamp((long)(Volatile.Read(ref Memory.Head) - Volatile.Read(ref Memory.Done)), 0, Memory.Capacity);

    /// <summary>Whether <see cref="Close"/> was called.</summary>
    public bool IsClosed => Volatile.Read(ref Memory.State) == (uint)RingState.Closed;

    /// <summary>Whether frames of it wait in the ledger of a worker id whose last incarnation has died. Set by the post-mortem.</summary>
    internal bool HasWaiting { get; set; }

    /// <summary>Why nobody may read the ring any more; <see langword="null"/> while it is whole. Set by the post-mortem, which closes it.</summary>
    public string? Broken { get; private set; }

    /// <summary>The supervisor's mapping. Reading unmapped memory would end the process, so a mistake becomes an exception.</summary>
    /// <exception cref="ObjectDisposedException">The ring is no longer mapped.</exception>
    internal RingMemory Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _memory;
        }
    }

    /// <summary>How much shared memory a ring of this kind takes, for the cap.</summary>
    public static int RequiredBytes(LaneKind kind, TransportLimits limits) => RingLayout.SegmentLength(Capacity(kind, limits));

    /// <summary>Makes a ring.</summary>
    /// <param name="ringId">Never used before in this cluster; not 0.</param>
    /// <param name="sender">Who writes.</param>
    /// <param name="receiver">Who reads.</param>
    /// <param name="kind">Decides the size.</param>
    /// <param name="limits">The cluster's limits.</param>
    /// <exception cref="SharedMemoryException">There is none to be had: use the pipe and log the message.</exception>
    public static RingSegment Create(long ringId, PeerId sender, PeerId receiver, LaneKind kind, TransportLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfZero(ringId);
        ArgumentNullException.ThrowIfNull(limits);
        int capacity = Capacity(kind, limits);
        if (capacity < RingLayout.MinCapacity || !int.IsPow2(capacity))
        {
            throw new ArgumentException(
                $"Ipc:{(kind == LaneKind.Inbox ? nameof(limits.RingSize) : nameof(limits.AnswerRingSize))} is {capacity}; it must be a power of two of at least {RingLayout.MinCapacity} bytes.",
                nameof(limits));
        }

        SharedSegment segment = SharedSegment.Create($"ipc-ring-{ringId}", RingLayout.SegmentLength(capacity));
        try
        {
            Describe(segment, ringId, sender, receiver, kind, capacity, limits.MaxMessageSize);
            return new RingSegment(segment, RingMemory.Map(segment, RingRole.Supervisor), ringId, sender, receiver, kind);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>Takes no frame any more. What was accepted stays readable; a sender that published too late learns it from the final head.</summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        // A writer publishes its head, fences, reads the state; we store the state, fence, read the head: one of us sees the other's store.
        Volatile.Write(ref Memory.State, (uint)RingState.Closing);
        Interlocked.MemoryBarrier();
        Volatile.Write(ref Memory.FinalHead, Volatile.Read(ref Memory.Head));
        Volatile.Write(ref Memory.State, (uint)RingState.Closed); // publishes FinalHead; pairs with the readers of State
        WriterDoorbell?.Ring();
        ReaderDoorbell?.Ring();
    }

    /// <summary>Its reader has left what makes no sense: closes it, and nobody reads it any more.</summary>
    /// <param name="reason">What was found.</param>
    internal void Break(string reason)
    {
        Broken = reason;
        Close();
    }

    /// <summary>Unmaps and closes the supervisor's end; the peers' ends stay.</summary>
    public void Dispose()
    {
        _disposed = true;
        DisposeFrames();
        _memory.Dispose();
        _segment.Dispose();
    }

    private static int Capacity(LaneKind kind, TransportLimits limits) => kind == LaneKind.Inbox ? limits.RingSize : limits.AnswerRingSize;

    private static unsafe void Describe(SharedSegment segment, long ringId, PeerId sender, PeerId receiver, LaneKind kind, int capacity, int maxMessageSize)
    {
        using MappedMemory mapping = MappedMemory.Map(segment, 0..RingLayout.PageSize);
        var page = new Span<byte>(mapping.Address, RingLayout.PageSize);
        BinaryPrimitives.WriteUInt32LittleEndian(page[RingLayout.MagicOffset..], RingLayout.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(page[RingLayout.VersionOffset..], RingLayout.Version);
        page[RingLayout.KindOffset] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(page[RingLayout.RingIdOffset..], ringId);
        BinaryPrimitives.WriteInt32LittleEndian(page[RingLayout.CapacityOffset..], capacity);
        BinaryPrimitives.WriteInt32LittleEndian(page[RingLayout.MaxMessageOffset..], maxMessageSize);
        WritePeer(page[RingLayout.SenderOffset..], sender);
        WritePeer(page[RingLayout.ReceiverOffset..], receiver);
        page[RingLayout.SenderGroupLengthOffset] = WriteGroup(page[RingLayout.SenderGroupOffset..], sender.Group);
        page[RingLayout.ReceiverGroupLengthOffset] = WriteGroup(page[RingLayout.ReceiverGroupOffset..], receiver.Group);
    }

    private static void WritePeer(Span<byte> place, PeerId peer)
    {
        place[0] = (byte)peer.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(place[4..], peer.WorkerId);
        BinaryPrimitives.WriteInt32LittleEndian(place[8..], peer.Incarnation);
    }

    // For people who look at a dump: a longer name is cut.
    private static byte WriteGroup(Span<byte> place, string? group)
    {
        Encoding.UTF8.GetEncoder().Convert(group, place[..RingLayout.MaxGroupBytes], flush: true, out _, out int written, out _);
        return (byte)written;
    }
}

using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>
/// Reads all rings of one process on one thread, with one doorbell for all of them. One per process: make it with the process's own doorbell, <see cref="Start"/>,
/// <see cref="Attach"/> and <see cref="DetachAsync"/> from any thread at any time, dispose at the end. Writers need it too: it tells them when there is room.
/// </summary>
internal sealed class RingReaderLoop : IAsyncDisposable
{
    /// <summary>Makes the loop; nothing runs before <see cref="Start"/>.</summary>
    /// <param name="doorbell">This process's own doorbell, opened as owner; from now on owned by the loop.</param>
    /// <param name="receiver">Gets the frames.</param>
    /// <param name="observer">Hears of lanes that end.</param>
    /// <param name="limits">The cluster's limits.</param>
    /// <param name="ledger">This worker id's ledger; <see langword="null"/> in processes that have no successor. From now on owned by the loop.</param>
    public RingReaderLoop(DoorbellSegment doorbell, ITransportReceiver receiver, IRingObserver observer, TransportLimits limits, LedgerSegment? ledger = null)
    {
    }

    /// <summary>Starts the reader thread.</summary>
    public void Start() => throw new NotSupportedException("Rings are being built.");

    /// <summary>Opens the reading end of a ring and reads it from where its last reader stopped.</summary>
    /// <param name="ring">The ring's descriptor; from now on owned by the loop.</param>
    /// <param name="length">The announced size of the segment.</param>
    /// <param name="remote">Who writes: one exact incarnation.</param>
    /// <param name="kind">What the lane is for.</param>
    /// <param name="writerDoorbell">The writing process's doorbell; may be disposed by the caller later.</param>
    /// <exception cref="Memory.SharedMemoryException">The descriptor is not what was agreed.</exception>
    public RingReader Attach(SafeFileHandle ring, int length, PeerId remote, LaneKind kind, DoorbellSegment writerDoorbell) =>
        throw new NotSupportedException("Rings are being built.");

    /// <summary>Reads the lane no more; done when no thread is inside its memory. Frames that were not taken stay in the ring.</summary>
    public Task DetachAsync(RingReader lane) => throw new NotSupportedException("Rings are being built.");

    /// <summary>See <see cref="Transport.PollAnswers"/>.</summary>
    public void PollAnswers(IAnswerWaiter waiter) => throw new NotSupportedException("Rings are being built.");

    /// <summary>Stops reading. A thread that is inside a listener's code is not waited for.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

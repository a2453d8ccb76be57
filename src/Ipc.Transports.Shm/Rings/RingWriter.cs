using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>The writing end of a ring.</summary>
internal sealed class RingWriter : OutboundLane, IDisposable
{
    private RingWriter(PeerId remote, LaneKind kind)
    {
        Remote = remote;
        Kind = kind;
    }

    /// <inheritdoc/>
    public override PeerId Remote { get; }

    /// <inheritdoc/>
    public override LaneKind Kind { get; }

    /// <inheritdoc/>
    public override LaneBacking Backing => LaneBacking.SharedMemory;

    /// <summary>Opens the writing end.</summary>
    /// <param name="ring">The ring's descriptor; from now on owned by the writer.</param>
    /// <param name="length">The announced size of the segment.</param>
    /// <param name="remote">Who reads.</param>
    /// <param name="kind">What the lane is for.</param>
    /// <param name="readerDoorbell">The reading process's doorbell; may be disposed by the caller later.</param>
    /// <param name="loop">This process's loop: it sees that there is room again.</param>
    /// <exception cref="Memory.SharedMemoryException">The descriptor is not what was agreed.</exception>
    public static RingWriter Open(SafeFileHandle ring, int length, PeerId remote, LaneKind kind, DoorbellSegment readerDoorbell, RingReaderLoop loop) =>
        throw new NotSupportedException("Rings are being built.");

    /// <summary>The inbox has a new reading incarnation: rings its doorbell from now on. The ring goes on.</summary>
    /// <param name="readerDoorbell">The successor's doorbell.</param>
    public void SetReaderDoorbell(DoorbellSegment readerDoorbell) => throw new NotSupportedException("Rings are being built.");

    /// <inheritdoc/>
    public override IBufferWriter<byte> BeginFrame() => throw new NotSupportedException("Rings are being built.");

    /// <inheritdoc/>
    public override ValueTask<long> CommitFrameAsync(TimeSpan timeout, CancellationToken cancellationToken) => throw new NotSupportedException("Rings are being built.");

    /// <inheritdoc/>
    public override void AbortFrame() => throw new NotSupportedException("Rings are being built.");

    /// <summary>Ends the lane on this side: who waits for room gets <see cref="IpcError.PeerGone"/>.</summary>
    public void Dispose()
    {
    }
}

using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <content>Memory for large frames.</content>
internal sealed partial class LaneBroker
{
    /// <summary>A writer wants memory for a large frame of one of its lanes.</summary>
    /// <param name="writer">Who asks.</param>
    /// <param name="laneId">Which lane.</param>
    /// <param name="length">The segment's size; anything, since a peer says it.</param>
    public void WantSegment(BrokerPeer writer, long laneId, int length)
    {
        if (writer.Ends is not { } ends)
        {
            return;
        }

        if (_registry.Find(laneId) is not { Ring: { IsClosed: false } ring } lane || lane.WriterPeer != writer || !lane.WriterLives
            || lane.ReaderPeer.Ends is { IsBehind: true } || writer.Returned.AreTooMany(Environment.TickCount64)
            || !ring.MayHaveFrame(length, _limits.MaxMessageSize)
            || _registry.Budget.TryCreateForFrame(length, () => ring.CreateFrame(length)) is not { } segment)
        {
            ends.OnSegmentRefused(laneId);
            return;
        }

        try
        {
            if (lane.Reader is not null)
            {
                lane.ReaderPeer.Ends?.OnSegment(laneId, writes: false, segment.Id, length, [FileDescriptor.Duplicate(segment.Descriptor)]);
            }

            ends.OnSegment(laneId, writes: true, segment.Id, length, [FileDescriptor.Duplicate(segment.Descriptor)]);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            // Most likely out of descriptors: the frame goes without.
            ControlLog.SegmentRefused(_logger, error.Message);
            ReturnSegment(writer, laneId, segment.Id);
            ends.OnSegmentRefused(laneId);
        }
    }

    /// <summary>A writer uses a segment no more.</summary>
    public void ReturnSegment(BrokerPeer writer, long laneId, uint id)
    {
        if (_registry.Find(laneId) is not { Ring: { } ring } lane || lane.WriterPeer != writer || !lane.WriterLives || ring.RemoveFrame(id) is not (> 0 and var length))
        {
            return;
        }

        writer.Returned.Add(length, Environment.TickCount64);
        _registry.Budget.Release(length);
        if (lane.Reader is not null)
        {
            lane.ReaderPeer.Ends?.OnSegmentReturned(laneId, id);
        }
    }

    /// <summary>A reader that has got the ring gets its segments; it waits for those that records refer to.</summary>
    private static void HandSegments(LaneRecord lane)
    {
        foreach (FrameSegment segment in lane.Ring!.FrameSegments)
        {
            lane.ReaderPeer.Ends!.OnSegment(lane.LaneId, writes: false, segment.Id, segment.Length, [FileDescriptor.Duplicate(segment.Descriptor)]);
        }
    }
}

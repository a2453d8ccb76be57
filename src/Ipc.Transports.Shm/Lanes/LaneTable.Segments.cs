using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;

namespace Ipc.Transports.Lanes;

/// <content>Memory for large frames, on its way between the broker and the ends of a lane.</content>
internal sealed partial class LaneTable
{
    /// <inheritdoc/>
    public void OnSegment(long laneId, bool writes, uint id, int length, FileDescriptor[] descriptors)
    {
        RingWriter? writer = writes && _outbound.TryGetValue(laneId, out OutboundLane? outbound) ? outbound as RingWriter : null;
        RingReader? reader = writes ? null : _rings?.Find(laneId);
        if (writer is null && reader is null)
        {
            DisposeAll(descriptors); // the lane has ended meanwhile
            return;
        }

        try
        {
            FrameSegment segment = FrameSegment.Open(descriptors[0].IntoFile(), length, id, writes ? RingRole.Writer : RingRole.Reader);
            writer?.AddSegment(segment);
            reader?.AddSegment(segment);
        }
        catch (SharedMemoryException error)
        {
            ControlLog.SegmentNotOpened(_logger, error, writer?.Kind ?? reader!.Kind, writer?.Remote ?? reader!.Remote);
            reader?.Fault(error.Message); // what is in it cannot be read
            if (writer is not null)
            {
                _requests.ReturnSegment(laneId, id);
                writer.RefuseSegment();
            }
        }
    }

    /// <inheritdoc/>
    public void OnSegmentRefused(long laneId)
    {
        if (_outbound.TryGetValue(laneId, out OutboundLane? lane) && lane is RingWriter writer)
        {
            writer.RefuseSegment();
        }
    }

    /// <inheritdoc/>
    public void OnSegmentReturned(long laneId, uint id) => _rings?.Find(laneId)?.RemoveSegment(id);

    /// <inheritdoc/>
    public void SegmentWanted(RingWriter lane, int length) => _requests.WantSegment(lane.RingId, length);

    /// <inheritdoc/>
    public void SegmentReturned(RingWriter lane, uint id) => _requests.ReturnSegment(lane.RingId, id);
}

using Ipc.Transports.Control;

namespace Ipc.Transports.Lanes;

/// <summary>One end of a lane as the broker hands it over. The descriptors go beside it: a pipe's socket, or a ring and the other end's doorbell.</summary>
/// <param name="LaneId">The broker's number; never used twice in a cluster.</param>
/// <param name="Kind">What the lane is for.</param>
/// <param name="Backing">What carries the frames.</param>
/// <param name="Remote">Who is at the other end.</param>
/// <param name="SegmentLength">Size of the ring's segment in bytes; 0 for a pipe.</param>
internal sealed record LaneDescription(long LaneId, LaneKind Kind, LaneBacking Backing, PeerId Remote, int SegmentLength)
{
    /// <summary>Number of the request for a lane that its writer gets without having asked for it.</summary>
    public const uint NotAskedFor = 0;

    /// <summary>How many descriptors go beside it.</summary>
    public int DescriptorCount => Backing == LaneBacking.Pipe ? 1 : 2;

    /// <summary>Writes it.</summary>
    public ControlWriter Write(ControlWriter writer) =>
        writer.Int64(LaneId).Byte((byte)Kind).Byte((byte)Backing).Peer(Remote).UInt32((uint)SegmentLength);

    /// <summary>Reads it.</summary>
    public static bool TryRead(ref ControlReader reader, out LaneDescription? description)
    {
        description = null;
        if (!reader.TryInt64(out long laneId) || !reader.TryLaneKind(out LaneKind kind)
            || !reader.TryByte(out byte backing) || backing is not ((byte)LaneBacking.Pipe or (byte)LaneBacking.SharedMemory)
            || !reader.TryPeer(out PeerId remote) || !reader.TryNonNegative(out int length))
        {
            return false;
        }

        description = new LaneDescription(laneId, kind, (LaneBacking)backing, remote, length);
        return true;
    }
}

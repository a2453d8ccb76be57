using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;
using Ipc.Transports.Memory;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>A peer that writes down what the broker tells it, and may fail at any of it.</summary>
internal sealed class RecordedEnds : ILaneEnds
{
    /// <inheritdoc/>
    public bool IsBehind { get; set; }

    /// <summary>What was told.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Whether the descriptors that come are kept.</summary>
    public bool KeepsDescriptors { get; set; }

    /// <summary>Those that were.</summary>
    public List<FileDescriptor> Kept { get; } = [];

    /// <summary>Whether opening what comes with the news of a dead reader fails.</summary>
    public bool FailsAtReaderGone { get; set; }

    public void OnOpened(uint requestId, LaneDescription lane, FileDescriptor[] descriptors) => Note($"opened {lane.LaneId}", descriptors);

    public void OnRefused(uint requestId, IpcError reason, string message) => Note($"refused {requestId} {reason}", []);

    public void OnInbound(LaneDescription lane, FileDescriptor[] descriptors) => Note($"inbound {lane.LaneId}", descriptors);

    public void OnFaulted(long laneId, string reason) => Note($"faulted {laneId}", []);

    public void OnReaderLeaving(long laneId) => Note($"leaving {laneId}", []);

    public void OnReaderGone(long laneId, PeerId reader, long takenPosition, bool inboxKept, FileDescriptor[] descriptors)
    {
        Note($"gone {laneId} {reader.Incarnation} {(takenPosition == long.MaxValue ? "all" : takenPosition)} {(inboxKept ? "kept" : "closed")}", descriptors);
        if (FailsAtReaderGone && inboxKept)
        {
            throw new SharedMemoryException(SharedMemoryFailure.Refused, "no memory");
        }
    }

    public void OnSegment(long laneId, bool writes, uint id, int length, FileDescriptor[] descriptors) =>
        Note($"segment {laneId} {id} {length} {(writes ? "to write" : "to read")}", descriptors);

    public void OnSegmentRefused(long laneId) => Note($"no segment {laneId}", []);

    public void OnSegmentReturned(long laneId, uint id) => Note($"returned {laneId} {id}", []);

    public void OnInterrupted(PeerId reader, IReadOnlyList<long> correlations) => Note($"interrupted {string.Join(' ', correlations)}", []);

    private void Note(string news, FileDescriptor[] descriptors)
    {
        Log.Add(news);
        if (KeepsDescriptors)
        {
            Kept.AddRange(descriptors);
            return;
        }

        foreach (FileDescriptor descriptor in descriptors)
        {
            descriptor.Dispose();
        }
    }
}

using System.Buffers;
using Ipc.Transports;

namespace Ipc.Hosting.Tests;

/// <summary>A lane to nobody: keeps what is published, and does with a commit what the test says.</summary>
internal sealed class ScriptedLane(PeerId remote, LaneKind kind) : OutboundLane
{
    private readonly ArrayBufferWriter<byte> _frame = new();

    public override PeerId Remote => remote;

    public override LaneKind Kind => kind;

    public override LaneBacking Backing => LaneBacking.Memory;

    /// <summary>What was published.</summary>
    public List<byte[]> Frames { get; } = [];

    /// <summary>How long each commit was willing to wait.</summary>
    public List<TimeSpan> Timeouts { get; } = [];

    /// <summary>Completes instead of the commit; when it is successful the frame is published.</summary>
    public Func<TimeSpan, Task>? OnCommit { get; set; }

    /// <summary>Whether the reader has dropped the lane.</summary>
    public bool IsClosed { get; set; }

    public static IpcException Gone() => new(IpcError.PeerGone, "The lane is closed.");

    public override IBufferWriter<byte> BeginFrame()
    {
        _frame.ResetWrittenCount();
        return IsClosed ? throw Gone() : _frame;
    }

    public override ValueTask<long> CommitFrameAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Timeouts.Add(timeout);
        byte[] frame = _frame.WrittenSpan.ToArray();
        return OnCommit is { } act ? new ValueTask<long>(WaitAsync(act(timeout), frame)) : new ValueTask<long>(Publish(frame));
    }

    public override void AbortFrame()
    {
    }

    private async Task<long> WaitAsync(Task commit, byte[] frame)
    {
        await commit;
        return Publish(frame);
    }

    private long Publish(byte[] frame)
    {
        Frames.Add(frame);
        return Frames.Count;
    }
}

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Takes nothing until it is opened, then everything.</summary>
public sealed class HeldReceiver
{
    private readonly Lock _gate = new();
    private readonly HashSet<InboundLane> _lanes = [];
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _open;

    /// <summary>Makes it.</summary>
    /// <param name="only">Whose lanes are held; everybody's when not given.</param>
    public HeldReceiver(PeerId? only = null)
    {
        Receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            lock (_gate)
            {
                if (!_open && (only is null || only == frame.Lane.Remote))
                {
                    _lanes.Add(frame.Lane);
                    _held.TrySetResult();
                    return FrameDisposition.Held;
                }
            }

            frame.MarkStarted();
            Receiver.Keep(in frame);
            return FrameDisposition.Consumed;
        };
    }

    /// <summary>The receiver for the transport.</summary>
    public TestReceiver Receiver { get; } = new();

    /// <summary>Completes when the first frame was held.</summary>
    public Task Held => _held.Task;

    /// <summary>Lets everything through.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _open = true;
        }

        foreach (InboundLane lane in _lanes)
        {
            lane.Resume();
        }
    }
}

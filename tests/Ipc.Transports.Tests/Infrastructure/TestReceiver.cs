using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Keeps everything that a transport tells.</summary>
public sealed class TestReceiver : ITransportReceiver
{
    private readonly Channel<ReceivedFrame> _frames = Channel.CreateUnbounded<ReceivedFrame>();
    private readonly Channel<ReaderGone> _gone = Channel.CreateUnbounded<ReaderGone>();
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PeerDirectory _directory = PeerDirectory.Empty;

    /// <summary>Instead of keeping the frame and consuming it.</summary>
    public FrameDelegate? OnNext { get; set; }

    /// <summary>Keeps a copy of a frame.</summary>
    public void Keep(scoped in InboundFrame frame) => _frames.Writer.TryWrite(new ReceivedFrame(frame.Lane, frame.Bytes.ToArray()));

    /// <inheritdoc/>
    public FrameDisposition OnFrame(scoped in InboundFrame frame)
    {
        if (OnNext is { } next)
        {
            return next(in frame);
        }

        frame.MarkStarted();
        Keep(in frame);
        return FrameDisposition.Consumed;
    }

    /// <inheritdoc/>
    public void OnDirectoryChanged(PeerDirectory directory)
    {
        lock (_gate)
        {
            _directory = directory;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <inheritdoc/>
    public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept) =>
        _gone.Writer.TryWrite(new ReaderGone(lane, reader, takenPosition, inboxKept));

    /// <inheritdoc/>
    public void OnRequestInterrupted(PeerId reader, long correlation) => Interrupted[correlation] = reader;

    /// <summary>Requests that were running in a process that ended.</summary>
    public ConcurrentDictionary<long, PeerId> Interrupted { get; } = [];

    /// <summary>Waits for that many requests that were running in a process that ended.</summary>
    public async Task WhenInterruptedAsync(int count)
    {
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (Interrupted.Count < count)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>The next frame.</summary>
    public async Task<ReceivedFrame> NextAsync() => await _frames.Reader.ReadAsync().AsTask().WaitAsync(Frames.Patience);

    /// <summary>The next news of a reader that has gone.</summary>
    public async Task<ReaderGone> NextGoneAsync() => await _gone.Reader.ReadAsync().AsTask().WaitAsync(Frames.Patience);

    /// <summary>News of a reader that has gone which is there already.</summary>
    public bool TryNextGone(out ReaderGone? gone) => _gone.Reader.TryRead(out gone);

    /// <summary>A frame that is there already.</summary>
    public bool TryNext(out ReceivedFrame? frame) => _frames.Reader.TryRead(out frame);

    /// <summary>Waits until the directory is as wanted.</summary>
    public async Task<PeerDirectory> WhenDirectoryAsync(Func<PeerDirectory, bool> isWanted)
    {
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (isWanted(_directory))
                {
                    return _directory;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(patience.Token);
        }
    }
}

using System.Buffers;
using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>The writing end of an in-memory lane.</summary>
internal sealed class InMemoryOutboundLane : OutboundLane
{
    private readonly InMemoryLane _lane;
    private readonly Lock _writing = new();
    private readonly int _maxSize;
    private InMemoryBuffer? _open;

    /// <summary>Made by the lane.</summary>
    public InMemoryOutboundLane(InMemoryLane lane, PeerId remote, int maxSize)
    {
        _lane = lane;
        Remote = remote;
        _maxSize = maxSize;
    }

    /// <inheritdoc/>
    public override PeerId Remote { get; }

    /// <inheritdoc/>
    public override LaneKind Kind => _lane.Kind;

    /// <inheritdoc/>
    public override LaneBacking Backing => LaneBacking.Memory;

    /// <inheritdoc/>
    public override IBufferWriter<byte> BeginFrame()
    {
        if (_writing.IsHeldByCurrentThread)
        {
            throw new InvalidOperationException(
                $"A message to {Remote} is being sent from inside the serialisation of another one to it: a getter or serialiser must not send.");
        }

        _lane.ThrowIfClosed();
        _writing.Enter();
        return _open = new InMemoryBuffer(_maxSize, Remote);
    }

    /// <inheritdoc/>
    public override ValueTask<long> CommitFrameAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        InMemoryBuffer buffer = TakeOpen();
        try
        {
            buffer.ThrowIfTooLarge();
            byte[] frame = buffer.ToArray();
            return frame.Length == 0 ? throw new InvalidOperationException("Nothing was written into the frame.")
                : cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<long>(cancellationToken)
                : _lane.Enqueue(frame, timeout, cancellationToken);
        }
        catch (IpcException error)
        {
            return ValueTask.FromException<long>(error);
        }
        finally
        {
            _writing.Exit();
        }
    }

    /// <inheritdoc/>
    public override void AbortFrame()
    {
        TakeOpen();
        _writing.Exit();
    }

    private InMemoryBuffer TakeOpen()
    {
        if (!_writing.IsHeldByCurrentThread || _open is null)
        {
            throw new InvalidOperationException($"No frame to {Remote} is open on this thread: call BeginFrame first, and do not await before the commit.");
        }

        InMemoryBuffer buffer = _open;
        _open = null;
        return buffer;
    }
}

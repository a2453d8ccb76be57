using System.Collections.Concurrent;

namespace Ipc.Transports.Rings.Peer;

/// <summary>
/// Handles frames in the four ways there are, by their number: inline; inline as a request; taken and waiting; started and finished elsewhere. One blocks. Every second
/// one of each way asks to be run again.
/// </summary>
internal sealed class MixedReceiver : ITransportReceiver, IDisposable
{
    private readonly BlockingCollection<(FrameLease Lease, bool Waits, long Number, int Deliveries)> _later = new();

    private readonly ManualResetEventSlim _mayGoOn;

    /// <summary>Starts its other thread.</summary>
    /// <param name="holds">Whether what is taken waits for <see cref="Go"/>.</param>
    public MixedReceiver(bool holds)
    {
        _mayGoOn = new ManualResetEventSlim(!holds);
        new Thread(Work) { IsBackground = true }.Start();
    }

    public FrameDisposition OnFrame(scoped in InboundFrame frame)
    {
        if (!FrameHeader.TryRead(frame.Bytes, out FrameHeader header, out _))
        {
            throw new InvalidDataException("Not a frame.");
        }

        long number = header.Correlation;
        bool redeliver = number % 8 >= 4;
        int deliveries = frame.Deliveries + 1;
        switch (number % 4)
        {
            case 0:
            case 1:
                frame.MarkStarted(redeliver);
                Journal.Write($"start {number} {deliveries}");
                frame.Lane.EnterUserCode();
                if (number % 100 == 20)
                {
                    SpinWait.SpinUntil(static () => false, 20);
                }

                Journal.Write($"end {number}");
                return FrameDisposition.Consumed;

            case 2:
                _later.Add((frame.Take(keepBytes: true), true, number, deliveries));
                return FrameDisposition.Consumed;

            default:
                frame.MarkStarted(redeliver);
                Journal.Write($"start {number} {deliveries}");
                _later.Add((frame.Take(keepBytes: false), false, number, deliveries));
                return FrameDisposition.Consumed;
        }
    }

    public void OnDirectoryChanged(PeerDirectory directory)
    {
    }

    public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
    }

    /// <summary>What is taken runs and ends from now on.</summary>
    public void Go() => _mayGoOn.Set();

    public void Dispose()
    {
        _later.Dispose();
        _mayGoOn.Dispose();
    }

    private void Work()
    {
        _mayGoOn.Wait();
        foreach ((FrameLease lease, bool waits, long number, int deliveries) in _later.GetConsumingEnumerable())
        {
            if (waits)
            {
                if (!FrameHeader.TryRead(lease.Bytes, out FrameHeader header, out _) || header.Correlation != number)
                {
                    Journal.Write($"corrupt {number}");
                }

                lease.MarkStarted(number % 8 >= 4);
                Journal.Write($"start {number} {lease.DeliveryCount}");
                if (lease.DeliveryCount != deliveries)
                {
                    Journal.Write($"corrupt {number}");
                }
            }

            Journal.Write($"end {number}");
            lease.Dispose();
        }
    }
}

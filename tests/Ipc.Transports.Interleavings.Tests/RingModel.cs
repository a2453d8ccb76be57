using System.Buffers;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>
/// One ring, its writer, one reading incarnation after the other, and what a queue would have done: a sequence of steps chosen by a seed. A reader dies before a store that the
/// seed chooses, whatever it is in the middle of.
/// </summary>
internal sealed class RingModel : IDisposable
{
    private readonly Random _random;
    private readonly RingHarness _harness;
    private readonly RingSegment _ring;
    private readonly RingWriter _writer;
    private readonly LedgerSegment _ledger;
    private readonly List<(Task<long> Result, CancellationTokenSource Giving, int Length)> _sends = [];
    private readonly Dictionary<long, int> _starts = [];
    private readonly HashSet<long> _reported = [];
    private readonly List<(long Number, FrameLease Lease)> _waiting = [];
    private readonly List<FrameLease> _running = [];
    private Received _received = null!;
    private RingReader _lane = null!;
    private int _incarnation;
    private long _lastOffered;
    private bool _wasHeld;
    private bool _isReading;
    private bool _isDead;
    private bool _mayHold = true;
    private int _storesUntilDeath;

    public RingModel(int seed)
    {
        _random = new Random(seed);
        _harness = new RingHarness(null, 4096 << _random.Next(3));
        _ring = _harness.NewRing();
        _writer = _harness.OpenWriter(_ring);
        _ledger = _harness.Keep(LedgerSegment.Create());
        Explorer.Storing = (_, _) => Store();
        Succeed();
    }

    /// <summary>How many readers have died.</summary>
    public int Deaths { get; private set; }

    /// <summary>How many frames were accepted.</summary>
    public int Accepted { get; private set; }

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Step();
        }

        End();
    }

    public void Dispose()
    {
        Explorer.Storing = null;
        _harness.Dispose();
    }

    private void Step()
    {
        switch (_random.Next(16))
        {
            case < 5:
                Send();
                break;

            case 5:
                _writer.BeginFrame().Write(RingHarness.Frame(0, Length()));
                _writer.AbortFrame();
                break;

            case 6 when _sends.Count != 0:
                _sends[_random.Next(_sends.Count)].Giving.Cancel();
                break;

            case 7:
                _writer.Flush(); // as its process's loop does when there is news
                break;

            case 8:
                Read(() => _lane.Resume());
                break;

            case < 11:
                Read(FinishOne);
                break;

            default:
                Read(() => _lane.Drain(LaneReading.Here(), _random.Next(1, 6)));
                break;
        }
    }

    /// <summary>From here on nobody dies: all that was accepted is settled, and the closed ring is read to its end.</summary>
    private void End()
    {
        _storesUntilDeath = int.MaxValue;
        _mayHold = false;
        DrainResult result = DrainResult.More;
        for (int i = 0; i < 10_000 && (result != DrainResult.Idle || _sends.Exists(s => !s.Result.IsCompleted) || _waiting.Count != 0 || _running.Count != 0); i++)
        {
            _writer.Flush();
            _lane.Resume();
            result = _lane.Drain(LaneReading.Here(), 8);
            FinishOne();
        }

        Assert.All(_sends, s => Assert.True(s.Result.IsCompleted, "a send came to no end"));
        _ring.Close();
        Assert.Equal(DrainResult.Drained, _lane.Drain(LaneReading.Here(), 8));
        Assert.Empty(_received.Reports);
        Assert.Null(_lane.FaultReason);
        for (int number = 1; number <= _sends.Count; number++)
        {
            (Task<long> send, _, int length) = _sends[number - 1];
            int starts = _starts.GetValueOrDefault(number);
            bool isReported = _reported.Contains(number);
            Accepted += send.IsCompletedSuccessfully ? 1 : 0;
            bool mayBeHalfRead = RingLayout.RecordSize(length) > RingLayout.MaxRecord(_ring.Memory.Capacity);
            Assert.True(
                send.IsCompletedSuccessfully ? starts == 1 || (starts == 0 && isReported && mayBeHalfRead) : starts == 0,
                $"frame {number} of {length} bytes: {send.Status}, {starts} starts, {(isReported ? "reported" : "not reported")}");
        }
    }

    private void Send()
    {
        int length = Length();
        var giving = new CancellationTokenSource();
        _writer.BeginFrame().Write(RingHarness.Frame(_sends.Count + 1, length, FrameKind.Request));
        _sends.Add((_writer.CommitFrameAsync(Timeout.InfiniteTimeSpan, giving.Token).AsTask(), giving, length));
    }

    /// <summary>Mostly small, sometimes up to three rings.</summary>
    private int Length() => FrameHeader.Size + _random.Next(6) switch { 0 => _random.Next(3 * _ring.Memory.Capacity), 1 => _random.Next(_ring.Memory.Capacity), _ => _random.Next(200) };

    private void Read(Action what)
    {
        _isReading = true;
        try
        {
            what();
            Assert.False(_isDead);
            Assert.Empty(_received.Reports);
        }
        catch (Killed)
        {
            _isReading = false;
            Deaths++;
            Bury();
        }
        finally
        {
            _isReading = false;
        }
    }

    private void Store()
    {
        if (_isReading && (_isDead || --_storesUntilDeath <= 0))
        {
            _isDead = true;
            throw new Killed(); // and so does every later store: code that catches does not come to life again
        }
    }

    private void Bury()
    {
        PostMortemReport report = PostMortem.Run([_ring], [], _ledger, LivingReaders.None);
        Assert.Empty(report.Lost); // there are only requests
        foreach (InterruptedRequest interrupted in report.Interrupted)
        {
            Assert.True(_reported.Add(interrupted.Correlation), $"frame {interrupted.Correlation} was reported twice");
        }

        _waiting.Clear();
        _running.Clear();
        Succeed();
    }

    private void Succeed()
    {
        _isDead = false;
        _wasHeld = false;
        _lastOffered = 0;
        _storesUntilDeath = _random.Next(1, 120);
        LedgerSegment own = _harness.Keep(LedgerSegment.Open(RingHarness.Duplicate(_ledger.Descriptor), _ledger.Length, ++_incarnation));
        _received = new Received { OnFrame = OnFrame };
        _lane = _harness.Attach(_ring, _harness.NewLoop(_harness.ReaderDoorbell, _received, own));
    }

    private FrameDisposition OnFrame(scoped in InboundFrame frame)
    {
        long number = Received.NumberOf(frame);
        Assert.True(number > _lastOffered || (number == _lastOffered && _wasHeld), $"frame {number} was offered after {_lastOffered}");
        Assert.Equal(RingHarness.Frame((int)number, _sends[(int)number - 1].Length, FrameKind.Request), frame.Bytes.ToArray());
        _lastOffered = number;
        _wasHeld = false;
        switch (_random.Next(8))
        {
            case 0 when _mayHold:
                _wasHeld = true;
                return FrameDisposition.Held;

            case < 3:
                _waiting.Add((number, frame.Take(keepBytes: true)));
                return FrameDisposition.Consumed;

            case 3:
                frame.MarkStarted();
                Start(number);
                _running.Add(frame.Take(keepBytes: false));
                return FrameDisposition.Consumed;

            default:
                frame.MarkStarted();
                Start(number);
                return FrameDisposition.Consumed;
        }
    }

    /// <summary>A frame that waited starts, or one that runs is finished.</summary>
    private void FinishOne()
    {
        if (_waiting.Count != 0)
        {
            (long number, FrameLease lease) = _waiting[0];
            _waiting.RemoveAt(0);
            lease.MarkStarted();
            Start(number);
            _running.Add(lease);
        }
        else if (_running.Count != 0)
        {
            FrameLease lease = _running[^1];
            _running.RemoveAt(_running.Count - 1);
            lease.Dispose();
        }
    }

    private void Start(long number)
    {
        Assert.DoesNotContain(number, _reported);
        _starts[number] = _starts.GetValueOrDefault(number) + 1;
    }
}

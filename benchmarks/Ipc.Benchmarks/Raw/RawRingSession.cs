using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using Ipc.Benchmarks.Measuring;
using Ipc.Transports;
using Ipc.Transports.Rings;

namespace Ipc.Benchmarks.Raw;

/// <summary>The raw ring: the floor under every row over shared memory.</summary>
internal sealed class RawRingSession : IRowSession
{
    private const int FramesThatFit = 3;

    private readonly string _row;
    private readonly ChildProcess _other;

    private RawRingSession(string row, ChildProcess other)
    {
        _row = row;
        _other = other;
    }

    /// <summary>Starts the other process.</summary>
    public static async Task<RawRingSession> StartAsync(string row)
    {
        ChildProcess other = ChildProcess.Start(["echo", row, "-"]);
        await other.ReadAsync();
        return new RawRingSession(row, other);
    }

    public async Task<Measurement> MeasureAsync(Cell cell)
    {
        // As the product's default, but never less than three frames.
        int capacity = (int)Math.Max(1 << 20, BitOperations.RoundUpToPowerOf2((uint)(FramesThatFit * RingLayout.RecordSize(cell.Size))));
        var limits = new TransportLimits { RingSize = capacity };
        PeerId worker = PeerId.Worker(Target.DefaultGroup, 0, 1);
        using RingSegment requests = RingSegment.Create(1, PeerId.Supervisor, worker, LaneKind.Inbox, limits);
        using RingSegment answers = RingSegment.Create(2, worker, PeerId.Supervisor, LaneKind.Inbox, limits);
        using DoorbellSegment own = DoorbellSegment.Create();
        using DoorbellSegment others = DoorbellSegment.Create();
        var handles = new RingHandles(
            Environment.ProcessId, requests.Length, Number(requests.Descriptor), Number(answers.Descriptor), Number(own.Descriptor), Number(others.Descriptor));
        using RawRingEnd end = RawRingEnd.OpenAsker(handles, _row);
        _other.Tell(JsonSerializer.Serialize(new EchoOrder(cell.Size, cell.IsOneWay, handles), RawJson.Default.EchoOrder));
        await _other.ReadAsync();

        var traffic = new Traffic();
        byte[] frame = new byte[cell.Size];
        byte[] answer = new byte[cell.Size];
        Usage before = Usage.Now;
        if (cell.IsOneWay)
        {
            Send(end, traffic, cell, frame);
        }
        else
        {
            Ask(end, traffic, cell, frame, answer);
        }

        Stop(end, traffic, frame, answer);
        Usage used = Usage.Now - before;
        EchoReport report = JsonSerializer.Deserialize(await _other.ReadAsync(), RawJson.Default.EchoReport)!;
        return Measurement.Of(
            cell, traffic, used + new Usage(report.CpuMicroseconds, report.AllocatedBytes), report.ProcessId, report.Received, report.OutOfOrder);
    }

    public ValueTask DisposeAsync()
    {
        _other.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Send(RawRingEnd end, Traffic traffic, Cell cell, byte[] frame)
    {
        traffic.Begin(cell.Milliseconds);
        while (Stopwatch.GetTimestamp() < traffic.Until)
        {
            EchoTally.SetNumber(frame, traffic.Sent);
            if (end.TryWrite(frame))
            {
                traffic.Sent++;
            }
            else
            {
                end.WaitForRoom();
            }
        }
    }

    private static void Ask(RawRingEnd end, Traffic traffic, Cell cell, byte[] frame, byte[] answer)
    {
        long[] sentAt = new long[cell.Depth];
        long answered = 0;
        long now = traffic.Begin(cell.Milliseconds);
        while (now < traffic.Until || answered < traffic.Sent)
        {
            bool isFull = false;
            while (now < traffic.Until && !isFull && traffic.Sent - answered < cell.Depth)
            {
                EchoTally.SetNumber(frame, traffic.Sent);
                isFull = !end.TryWrite(frame);
                if (!isFull)
                {
                    sentAt[traffic.Sent++ % cell.Depth] = now;
                }
            }

            if (!end.TryRead(answer, out int length))
            {
                if (isFull)
                {
                    end.WaitForFrameOrRoom();
                }
                else
                {
                    end.WaitForFrame();
                }

                continue;
            }

            now = Stopwatch.GetTimestamp();
            traffic.Latencies.Add(now - sentAt[answered % cell.Depth]);
            if (length != cell.Size || EchoTally.NumberOf(answer) != answered)
            {
                traffic.Wrong++;
            }

            answered++;
        }

        traffic.End();
    }

    /// <summary>Sends the frame that ends a measurement and waits until it comes back: everything before it has been read then.</summary>
    private static void Stop(RawRingEnd end, Traffic traffic, byte[] frame, byte[] answer)
    {
        EchoTally.SetNumber(frame, EchoTally.Stop);
        while (!end.TryWrite(frame))
        {
            end.WaitForRoom();
        }

        while (!end.TryRead(answer, out _))
        {
            end.WaitForFrame();
        }

        traffic.End();
        if (EchoTally.NumberOf(answer) != EchoTally.Stop)
        {
            traffic.Wrong++;
        }
    }

    private static int Number(Microsoft.Win32.SafeHandles.SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}

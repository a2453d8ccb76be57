using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Raw;

/// <summary>Bytes over a named pipe or a Unix socket, echoed by another process, with nothing on top.</summary>
internal sealed class RawStreamSession : IRowSession
{
    private readonly ChildProcess _other;
    private readonly FrameStream _stream;

    private RawStreamSession(ChildProcess other, FrameStream stream)
    {
        _other = other;
        _stream = stream;
    }

    /// <summary>Starts the other process and connects to it.</summary>
    public static async Task<RawStreamSession> ConnectAsync(string row)
    {
        string name = FormattableString.Invariant($"ipc-bench-{Environment.ProcessId}");
        bool isSocket = row == Rows.RawUds;
        string address = isSocket ? Path.Combine(Path.GetTempPath(), name) : name;
        ChildProcess other = ChildProcess.Start(["echo", row, address]);
        await other.ReadAsync();
        return new RawStreamSession(other, isSocket ? await RawStreams.ConnectSocketAsync(address) : await RawStreams.ConnectPipeAsync(address));
    }

    public async Task<Measurement> MeasureAsync(Cell cell)
    {
        _other.Tell(JsonSerializer.Serialize(new EchoOrder(cell.Size, cell.IsOneWay, Rings: null), RawJson.Default.EchoOrder));
        await _other.ReadAsync();
        var traffic = new Traffic();
        byte[] frame = new byte[FrameStream.PrefixSize + cell.Size];
        BinaryPrimitives.WriteInt32LittleEndian(frame, cell.Size);
        using var answers = new StreamAnswers(_stream, traffic, cell);
        Usage before = Usage.Now;
        Task reading = Task.CompletedTask;
        switch (cell.Depth)
        {
            case 0:
                await SendAsync(traffic, cell, frame);
                break;
            case 1:
                await AskAsync(traffic, cell, frame, answers);
                break;
            default:
                // One task writes, another reads: one for both could stand before a full pipe for ever.
                reading = answers.ReadAllAsync();
                await AskManyAsync(traffic, cell, frame, answers);
                break;
        }

        EchoTally.SetNumber(Payload(frame), EchoTally.Stop);
        await _stream.WriteAsync(frame);
        await (cell.Depth > 1 ? reading : answers.ReadAllAsync());
        traffic.End();
        Usage used = Usage.Now - before;
        EchoReport report = JsonSerializer.Deserialize(await _other.ReadAsync(), RawJson.Default.EchoReport)!;
        return Measurement.Of(
            cell, traffic, used + new Usage(report.CpuMicroseconds, report.AllocatedBytes), report.ProcessId, report.Received, report.OutOfOrder);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _other.Dispose();
    }

    private static Span<byte> Payload(byte[] frame) => frame.AsSpan(FrameStream.PrefixSize);

    private async Task SendAsync(Traffic traffic, Cell cell, byte[] frame)
    {
        long now = traffic.Begin(cell.Milliseconds);
        while (now < traffic.Until)
        {
            EchoTally.SetNumber(Payload(frame), traffic.Sent++);
            await _stream.WriteAsync(frame);
            now = Stopwatch.GetTimestamp();
        }
    }

    private async Task AskAsync(Traffic traffic, Cell cell, byte[] frame, StreamAnswers answers)
    {
        long last = traffic.Begin(cell.Milliseconds);
        while (last < traffic.Until)
        {
            EchoTally.SetNumber(Payload(frame), traffic.Sent++);
            await _stream.WriteAsync(frame);
            await answers.ReadAsync();
            long now = Stopwatch.GetTimestamp();
            traffic.Latencies.Add(now - last);
            last = now;
        }
    }

    private async Task AskManyAsync(Traffic traffic, Cell cell, byte[] frame, StreamAnswers answers)
    {
        long now = traffic.Begin(cell.Milliseconds);
        while (now < traffic.Until)
        {
            await answers.WaitForRoomAsync();
            now = Stopwatch.GetTimestamp();
            answers.Expect(traffic.Sent, now);
            EchoTally.SetNumber(Payload(frame), traffic.Sent++);
            await _stream.WriteAsync(frame);
        }
    }
}

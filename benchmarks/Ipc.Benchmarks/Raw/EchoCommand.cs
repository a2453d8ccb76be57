using System.Text.Json;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Raw;

/// <summary>The other process of a raw row.</summary>
internal static class EchoCommand
{
    /// <summary>The line that says that it listens, or that it is ready for an order's frames.</summary>
    public const string Ready = "ready";

    public static async Task RunAsync(string row, string address)
    {
        var lines = new OrderLines();
        await using FrameStream? stream = await AcceptAsync(row, address);
        while (await lines.NextAsync() is { } line)
        {
            EchoOrder order = JsonSerializer.Deserialize(line, RawJson.Default.EchoOrder) ?? throw new FormatException($"\"{line}\" is not an order.");
            var tally = new EchoTally();
            Usage before;
            if (order.Rings is { } rings)
            {
                using RawRingEnd end = RawRingEnd.Open(rings, row);
                byte[] buffer = new byte[order.Size];
                before = Usage.Now;
                Console.WriteLine(Ready);
                Echo(end, order, tally, buffer);
            }
            else
            {
                before = Usage.Now;
                Console.WriteLine(Ready);
                await EchoAsync(stream!, order, tally);
            }

            Usage used = Usage.Now - before;
            var report = new EchoReport(Environment.ProcessId, tally.Received, tally.OutOfOrder, used.CpuMicroseconds, used.AllocatedBytes);
            Console.WriteLine(JsonSerializer.Serialize(report, RawJson.Default.EchoReport));
        }
    }

    private static void Echo(RawRingEnd end, EchoOrder order, EchoTally tally, byte[] buffer)
    {
        bool isLast = false;
        while (!isLast)
        {
            int length;
            while (!end.TryRead(buffer, out length))
            {
                end.WaitForFrame();
            }

            isLast = tally.IsLast(buffer.AsSpan(0, length), order.Size);
            if (!order.IsOneWay || isLast)
            {
                while (!end.TryWrite(buffer.AsSpan(0, length)))
                {
                    end.WaitForRoom();
                }
            }
        }
    }

    private static async Task EchoAsync(FrameStream stream, EchoOrder order, EchoTally tally)
    {
        bool isLast = false;
        while (!isLast)
        {
            ReadOnlyMemory<byte> frame = await stream.ReadAsync();
            isLast = tally.IsLast(frame.Span[FrameStream.PrefixSize..], order.Size);
            if (!order.IsOneWay || isLast)
            {
                await stream.WriteAsync(frame);
            }
        }
    }

    private static async Task<FrameStream?> AcceptAsync(string row, string address)
    {
        switch (row)
        {
            case Rows.RawUds:
                return await RawStreams.AcceptSocketAsync(address, () => Console.WriteLine(Ready));
            case Rows.RawPipe:
                return await RawStreams.AcceptPipeAsync(address, () => Console.WriteLine(Ready));
            default:
                Console.WriteLine(Ready);
                return null;
        }
    }
}

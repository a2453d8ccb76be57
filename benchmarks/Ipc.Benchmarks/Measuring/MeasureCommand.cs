using System.Globalization;
using System.Text.Json;
using Ipc.Benchmarks.Api;
using Ipc.Benchmarks.Raw;

namespace Ipc.Benchmarks.Measuring;

/// <summary>Measures cells of one row: the one that the arguments name, else one for each line of the input.</summary>
internal static class MeasureCommand
{
    /// <summary>The line that says that the other process is there.</summary>
    public const string Ready = "ready";

    // Of each measurement, before it counts.
    private const int RampShare = 8;

    public static async Task<int> RunAsync(string row, string[] cell)
    {
        await using IRowSession session = await OpenAsync(row);
        if (cell is [var size, var depth, var milliseconds])
        {
            var wanted = new Cell(row, Number(size), Number(depth), Number(milliseconds));
            await session.MeasureAsync(wanted); // for the compiler's sake
            Measurement measured = await session.MeasureAsync(wanted);
            Console.WriteLine(JsonSerializer.Serialize(measured, MeasuringJson.Default.Measurement));
            return measured is { Lost: 0, OutOfOrder: 0 } ? 0 : 1;
        }

        Console.WriteLine(Ready);
        var lines = new OrderLines();
        while (await lines.NextAsync() is { } line)
        {
            Cell order = JsonSerializer.Deserialize(line, MeasuringJson.Default.Cell) ?? throw new FormatException($"\"{line}\" is not a cell.");
            if (order.Row != Rows.Idle)
            {
                await session.MeasureAsync(order with { Milliseconds = order.Milliseconds / RampShare });
            }

            Console.WriteLine(JsonSerializer.Serialize(await session.MeasureAsync(order), MeasuringJson.Default.Measurement));
        }

        return 0;
    }

    private static async Task<IRowSession> OpenAsync(string row) => row switch
    {
        Rows.RawRingSpin or Rows.RawRingAdaptive or Rows.RawRingFutex => await RawRingSession.StartAsync(row),
        Rows.RawPipe or Rows.RawUds => await RawStreamSession.ConnectAsync(row),
        Rows.Idle => await IdleSession.StartAsync(),
        _ when Rows.WorkersOf(row) is not null => await FanOutSession.StartAsync(),
        _ => await ApiSession.StartAsync(row),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

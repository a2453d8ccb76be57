using Ipc.Benchmarks;
using Ipc.Benchmarks.Comparison;
using Ipc.Benchmarks.Measuring;
using Ipc.Benchmarks.Raw;

// What people run:
//   compare [--json] [--quick]            every row in turn, several rounds; a whole run writes benchmarks/RESULTS.md
//   takeover <standbys> <MiB> <times>     kill -9 of a worker to the answer of the next one
//   contract <rounds> <ms>                calls of a contract beside plain requests, and beside two Node processes
//   measure <row> <size> <depth> <ms>     one cell, warm and then once, as one line of JSON
// What compare starts:
//   measure <row>                         a cell for each line of its input, until that ends
//   echo <row> <address>                  the other process of a raw row
//   busy                                  one of the busy processes beside a crowded row
switch (args)
{
    case ["compare", .. var options] when CompareOptions.TryParse(options, out CompareOptions? parsed):
        return await CompareCommand.RunAsync(parsed);
    case ["measure", var row, .. var cell] when Rows.All.Contains(row) && cell.Length is 0 or 3:
        return await MeasureCommand.RunAsync(row, cell);
    case ["takeover", var standbys, var megabytes, var times] when int.TryParse(standbys, out int s) && int.TryParse(megabytes, out int m) && int.TryParse(times, out int n) && n > 0:
        return await TakeoverCommand.RunAsync(s, m, n);
    case ["contract", var rounds, var turn] when int.TryParse(rounds, out int r) && r > 0 && int.TryParse(turn, out int t) && t > 0:
        return await ContractCommand.RunAsync(r, t);
    case ["echo", var row, var address]:
        await EchoCommand.RunAsync(row, address);
        return 0;
    case ["busy"]:
        BusyCommand.Run();
        return 0;
    default:
        Console.Error.WriteLine($"""
            usage: compare [--json] [--quick]          all rows; --json prints one object per row and nothing else, --quick takes less than a minute
                   measure <row> <size> <depth> <ms>   one row once; depth 0 is one-way
                   contract <rounds> <ms>              calls of a contract beside plain requests, and beside JSON lines between two Node processes
                   takeover <standbys> <MiB> <times>   kill -9 of a worker to the next answer, with so many standbys and so much memory held
            rows: {string.Join(", ", Rows.All)}
            """);
        return 2;
}

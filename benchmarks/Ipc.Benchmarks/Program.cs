using Ipc.Benchmarks;

// compare [--quick]    runs every row in turn, several rounds, each row in processes of its own, and writes benchmarks/RESULTS.md
// measure <row>        one row, once, as one line of JSON; compare starts this
switch (args)
{
    case ["compare", .. var options]:
        return await Comparison.RunAsync(quick: options.Contains("--quick"));
    case ["measure", var row, ..]:
        Console.WriteLine((await Measurement.RunAsync(row, args)).ToJson());
        return 0;
    case ["echo", var row, var address]:
        await RawEcho.ServeAsync(row, address);
        return 0;
    default:
        Console.Error.WriteLine("usage: compare [--quick]");
        return 2;
}

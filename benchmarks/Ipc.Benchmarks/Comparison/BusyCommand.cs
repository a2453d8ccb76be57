namespace Ipc.Benchmarks.Comparison;

/// <summary>A process that uses a whole core whenever it is told to.</summary>
internal static class BusyCommand
{
    public const string On = "on";
    public const string Off = "off";

    /// <summary>Runs until the input ends.</summary>
    public static void Run()
    {
        using var isBusy = new ManualResetEventSlim();
        var worker = new Thread(() =>
        {
            while (true)
            {
                isBusy.Wait();
            }
        }) { IsBackground = true, Name = "busy" };
        worker.Start();
        while (Console.ReadLine() is { } line)
        {
            if (line == On)
            {
                isBusy.Set();
            }
            else
            {
                isBusy.Reset();
            }
        }
    }
}

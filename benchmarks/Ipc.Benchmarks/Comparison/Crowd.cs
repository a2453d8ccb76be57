namespace Ipc.Benchmarks.Comparison;

/// <summary>Four busy processes for each core, as long as they are wanted.</summary>
internal sealed class Crowd : IDisposable
{
    private const int ProcessesPerCore = 4;

    private readonly ChildProcess[] _processes =
        [.. Enumerable.Range(0, ProcessesPerCore * Environment.ProcessorCount).Select(static _ => ChildProcess.Start(["busy"]))];

    private bool _isBusy;

    /// <summary>Lets them run, or stops them.</summary>
    public void Set(bool isBusy)
    {
        if (isBusy == _isBusy)
        {
            return;
        }

        _isBusy = isBusy;
        foreach (ChildProcess process in _processes)
        {
            process.Tell(isBusy ? BusyCommand.On : BusyCommand.Off);
        }
    }

    public void Dispose()
    {
        foreach (ChildProcess process in _processes)
        {
            process.Dispose();
        }
    }
}

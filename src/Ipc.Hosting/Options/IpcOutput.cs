namespace Ipc;

/// <summary>What becomes of the lines that workers print, and that their console loggers write.</summary>
public enum IpcOutput
{
    /// <summary>
    /// They become records of the supervisor's log with the worker's group and id. What a worker's console logger writes keeps its level, category and event id and goes to the supervisor's
    /// console logger only, since the worker's other providers have had it; any other line is logged as category <c>Ipc.Output</c>, Information for standard output, Warning for standard error.
    /// </summary>
    Log = 0,

    /// <summary>They go to the supervisor's own standard output and standard error as they are, whole lines at a time.</summary>
    PassThrough = 1,
}

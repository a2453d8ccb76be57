namespace Ipc.Transports;

/// <summary>What a worker answers when its supervisor asks whether it comes forward.</summary>
/// <param name="Number">Which question it answers; they are numbered from 1.</param>
/// <param name="PoolWaitsSince">The question since which work items wait for its thread pool and none has ended; 0 when that is not so.</param>
/// <param name="CallSince">The question since which one and the same call of a listener, or piece of its code behind an await, has not come to the next await or to its end; 0 when there is none, or it is younger than this question.</param>
/// <param name="Action">The action of that listener; empty when there is none.</param>
/// <param name="IsDebugged">Whether a debugger is attached.</param>
public readonly record struct WorkerPulse(uint Number, uint PoolWaitsSince, uint CallSince, string Action, bool IsDebugged);

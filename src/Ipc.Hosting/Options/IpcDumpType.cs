namespace Ipc;

/// <summary>What a dump holds.</summary>
public enum IpcDumpType
{
    /// <summary>Modules, threads and stacks: what a debugger needs to say where each thread was.</summary>
    Mini = 1,

    /// <summary>The same and the heaps: objects can be looked at.</summary>
    Heap = 2,

    /// <summary>As <see cref="Mini"/>, without paths and other text that may be personal.</summary>
    Triage = 3,

    /// <summary>All of the process's memory.</summary>
    Full = 4,
}

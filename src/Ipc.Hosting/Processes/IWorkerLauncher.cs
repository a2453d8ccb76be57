using Ipc.Supervision;

namespace Ipc.Processes;

/// <summary>Starts workers' processes: the one place where supervision meets the operating system, so that its rules can be tested without it.</summary>
internal interface IWorkerLauncher
{
    /// <summary>Starts the program of a group.</summary>
    /// <param name="group">Whose.</param>
    /// <param name="identity">Who the process is to be.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The file cannot be executed, or its process could not be tied to this one's life and was killed.</exception>
    /// <exception cref="InvalidOperationException">There is no program; the message names the option and where it was looked for.</exception>
    Task<IWorkerProcess> StartAsync(GroupPlan group, WorkerIdentity identity);
}

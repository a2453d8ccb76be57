using System.ComponentModel;
using System.Diagnostics;

namespace Ipc.Processes;

/// <summary>
/// Ties the lives of workers to their supervisor's, as one operating system can: no worker outlives its supervisor, and what a worker has started does not outlive the worker.
/// Safe for use by several threads.
/// </summary>
internal interface ILifeline
{
    /// <summary>The supervisor's side: ties a process that it has just started.</summary>
    /// <param name="process">The process.</param>
    /// <returns>To be disposed when the process has ended: ends what it leaves.</returns>
    /// <exception cref="Win32Exception">The system refuses. The message says what was tried, and the number of the error.</exception>
    IDisposable Tie(Process process);

    /// <summary>The worker's side, before any code of the user: returns when this process cannot outlive its supervisor any more.</summary>
    /// <param name="supervisorProcessId">The supervisor.</param>
    /// <exception cref="Win32Exception">As for <see cref="Tie"/>.</exception>
    void Hold(int supervisorProcessId);

    /// <summary>Ends this process, and what it has started, at once: handlers of an orderly exit might hang.</summary>
    void Die();
}

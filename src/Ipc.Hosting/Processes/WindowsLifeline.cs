using System.Diagnostics;
using System.Runtime.Versioning;

namespace Ipc.Processes;

/// <summary>Windows: a job of its own for each worker, which ends with the supervisor's handle to it, and takes along what the worker has started.</summary>
/// <remarks>
/// The kernel closes the handle when the supervisor ends, however that happens; nobody inherits it. A supervisor that runs in a job itself makes these nested ones. In the moment between a
/// worker's start and its assignment, its closed control connection tells it.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed class WindowsLifeline : ILifeline
{
    public IDisposable Tie(Process process)
    {
        WindowsJob job = WindowsJob.Create();
        try
        {
            job.Add(process);
            return job;
        }
        catch
        {
            job.Dispose();
            throw;
        }
    }

    public void Hold(int supervisorProcessId)
    {
    }

    public void Die() => Process.GetCurrentProcess().Kill();
}

using System.Diagnostics;

namespace Ipc.Processes;

/// <summary>The lifeline of a system that has none: the closed control connection tells a worker that its supervisor has ended.</summary>
internal sealed class NoLifeline : ILifeline, IDisposable
{
    public IDisposable Tie(Process process) => this;

    public void Hold(int supervisorProcessId)
    {
    }

    public void Die() => Process.GetCurrentProcess().Kill();

    public void Dispose()
    {
    }
}

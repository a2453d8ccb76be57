using System.Runtime.Versioning;

namespace Ipc.Processes;

/// <summary>The process group that a worker makes of itself; disposed when the worker has ended, which ends what is left of the group.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal sealed class ProcessGroup(int processId) : IDisposable
{
    public void Dispose() => UnixSignal.KillGroupOf(processId);
}

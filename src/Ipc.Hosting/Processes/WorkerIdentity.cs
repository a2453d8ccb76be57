using System.Globalization;

namespace Ipc.Processes;

/// <summary>What a supervisor tells a worker at its start, in one environment variable.</summary>
/// <param name="Self">The worker's group, id and incarnation.</param>
/// <param name="Endpoint">The supervisor's control endpoint.</param>
/// <param name="Secret">Proves that the supervisor started this process; valid once.</param>
/// <param name="SupervisorProcessId">The supervisor's process id, to end with it.</param>
internal sealed record WorkerIdentity(PeerId Self, string Endpoint, string Secret, int SupervisorProcessId)
{
    /// <summary>The environment variable; read and removed before user code.</summary>
    public const string Variable = "IPC_WORKER";

    private const string Version = "3";
    private const char Separator = '|';

    /// <summary>What becomes of what the worker prints.</summary>
    public IpcOutput Output { get; init; }

    /// <summary>Whether the worker is ready only when its own code says so.</summary>
    public bool WaitsForReady { get; init; }

    public string Format() => string.Join(
        Separator,
        Version,
        Self.Group,
        Self.WorkerId.ToString(CultureInfo.InvariantCulture),
        Self.Incarnation.ToString(CultureInfo.InvariantCulture),
        SupervisorProcessId.ToString(CultureInfo.InvariantCulture),
        Endpoint,
        Secret,
        ((int)Output).ToString(CultureInfo.InvariantCulture),
        WaitsForReady.ToString());

    public static WorkerIdentity? TryParse(string? text)
    {
        string[] parts = text?.Split(Separator) ?? [];
        if (parts.Length != 9
            || parts[0] != Version
            || !int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int workerId)
            || !int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int incarnation)
            || !int.TryParse(parts[4], NumberStyles.None, CultureInfo.InvariantCulture, out int supervisor)
            || !int.TryParse(parts[7], NumberStyles.None, CultureInfo.InvariantCulture, out int output)
            || !bool.TryParse(parts[8], out bool waitsForReady))
        {
            return null;
        }

        if (workerId < PeerId.NoWorkerId)
        {
            return null;
        }

        return new WorkerIdentity(PeerId.Worker(parts[1], workerId, incarnation), parts[5], parts[6], supervisor)
        {
            Output = (IpcOutput)output,
            WaitsForReady = waitsForReady,
        };
    }
}

namespace TextStats;

/// <summary>Carries the exit code from the service that counts to the end of Program.cs.</summary>
internal sealed class RunResult
{
    /// <summary>See <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; set; } = ExitCodes.Interrupted;
}

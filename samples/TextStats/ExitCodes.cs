namespace TextStats;

/// <summary>What the program says to a script.</summary>
internal static class ExitCodes
{
    /// <summary>Counted; with <c>--verify</c>: and the same.</summary>
    public const int Success = 0;

    /// <summary>Failed, or <c>--verify</c> found a difference.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense, or the folder does not exist.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl+C.</summary>
    public const int Interrupted = 130;
}

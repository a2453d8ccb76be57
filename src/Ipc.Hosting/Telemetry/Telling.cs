namespace Ipc.Telemetry;

/// <summary>Runs code that calls whoever listens to meters and activities.</summary>
internal static class Telling
{
    /// <summary>What a listener throws stays here: the thread that tells may be the one that reads for everybody, or settles messages, and goes on.</summary>
    public static void Guard<TState>(in TState state, Action<TState> tell)
    {
        try
        {
            tell(state);
        }
#pragma warning disable CA1031 // A listener's code.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}

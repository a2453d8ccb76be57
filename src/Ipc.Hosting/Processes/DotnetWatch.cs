namespace Ipc.Processes;

/// <summary>What dotnet watch puts into the environment of the program that it runs. It talks to one process only, so workers must not inherit it.</summary>
internal static class DotnetWatch
{
    private const string StartupHooks = "DOTNET_STARTUP_HOOKS";

    private static readonly string[] Variables =
        ["DOTNET_WATCH", "DOTNET_WATCH_ITERATION", "DOTNET_HOTRELOAD_NAMEDPIPE_NAME", "DOTNET_MODIFIABLE_ASSEMBLIES"];

    public static bool IsRunning => Environment.GetEnvironmentVariable("DOTNET_WATCH") == "1";

    public static void RemoveFrom(IDictionary<string, string?> environment)
    {
        if (!IsRunning)
        {
            return;
        }

        foreach (string variable in Variables)
        {
            environment.Remove(variable);
        }

        if (environment.TryGetValue(StartupHooks, out string? hooks) && hooks is not null)
        {
            string kept = string.Join(
                Path.PathSeparator,
                hooks.Split(Path.PathSeparator).Where(h => !h.Contains("DotNetDeltaApplier", StringComparison.OrdinalIgnoreCase)));
            if (kept.Length == 0)
            {
                environment.Remove(StartupHooks);
            }
            else
            {
                environment[StartupHooks] = kept;
            }
        }
    }
}

namespace Ipc.Benchmarks.Comparison;

/// <summary>The processes of all rows. They live through the whole comparison: what is not measured sleeps.</summary>
internal sealed class Sessions : IDisposable
{
    private readonly Dictionary<string, SessionProcess> _sessions = new(StringComparer.Ordinal);

    /// <summary>Starts them, as many at a time as there are cores.</summary>
    public static async Task<Sessions> StartAsync()
    {
        var sessions = new Sessions();
        try
        {
            await Parallel.ForEachAsync(
                Rows.All.Select(KeyOf).Distinct(StringComparer.Ordinal),
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
                async (key, _) =>
                {
                    SessionProcess session = await SessionProcess.StartAsync(key);
                    lock (sessions._sessions)
                    {
                        sessions._sessions.Add(key, session);
                    }
                });
            return sessions;
        }
        catch
        {
            sessions.Dispose();
            throw;
        }
    }

    /// <summary>The one that measures a row.</summary>
    public SessionProcess Of(string row) => _sessions[KeyOf(row)];

    public void Dispose() => Parallel.ForEach(_sessions.Values, static session => session.Dispose());

    // All fan-out rows are measured in one cluster.
    private static string KeyOf(string row) => Rows.WorkersOf(row) is null ? row : Rows.FanOut(Rows.FanOutWorkers.Max());
}

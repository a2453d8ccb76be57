namespace Ipc.Options;

/// <summary>Which options of a group are not as they are by default: somebody has set them, and expects that to have an effect.</summary>
internal static class ChangedOptions
{
    private static readonly IpcGroupOptions Defaults = new();

    /// <summary>Their names, without <see cref="IpcGroupOptions.Count"/>.</summary>
    public static IEnumerable<string> Of(IpcGroupOptions group) => Look(group).Where(static o => o.IsChanged).Select(static o => o.Name);

    private static IEnumerable<(string Name, bool IsChanged)> Look(IpcGroupOptions group) =>
    [
        (nameof(group.Program), group.Program is not null),
        (nameof(group.Arguments), group.Arguments.Count > 0),
        (nameof(group.Environment), group.Environment.Count > 0),
        (nameof(group.WorkingDirectory), group.WorkingDirectory is not null),
        (nameof(group.User), group.User is not null),
        (nameof(group.DependsOn), group.DependsOn.Count > 0),
        (nameof(group.WaitForReady), group.WaitForReady),
        (nameof(group.Output), group.Output != Defaults.Output),
        (nameof(group.Restart), Values(group.Restart) != Values(Defaults.Restart)),
        (nameof(group.HangTimeout), group.HangTimeout != Defaults.HangTimeout),
        (nameof(group.DumpFolder), group.DumpFolder is not null),
        (nameof(group.DumpType), group.DumpType != Defaults.DumpType),
        (nameof(group.Standby), group.Standby != 0),
        (nameof(group.Reload), (group.Reload.Concurrency, group.Reload.Probation) != (Defaults.Reload.Concurrency, Defaults.Reload.Probation)),
        (nameof(group.Recycle), Values(group.Recycle) != Values(Defaults.Recycle)),
    ];

    private static (int, TimeSpan, TimeSpan, TimeSpan, TimeSpan) Values(IpcRestartOptions restart) =>
        (restart.Limit, restart.Window, restart.MinDelay, restart.MaxDelay, restart.StableTime);

    private static (long?, TimeSpan?, long?, double, TimeSpan) Values(IpcRecycleOptions recycle) =>
        (recycle.AfterMessages, recycle.AfterAge, recycle.AboveMemory, recycle.Jitter, recycle.Patience);
}

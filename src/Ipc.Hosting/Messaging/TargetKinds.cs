namespace Ipc.Messaging;

/// <summary>How many peers a target means.</summary>
internal static class TargetKinds
{
    /// <summary>Whether one of several is meant, the least loaded.</summary>
    public static bool IsOneOfSeveral(this Target target) => target.Kind is TargetKind.Any or TargetKind.Client;

    /// <summary>Whether several may be meant, so that a request has no one to answer it.</summary>
    public static bool MayBeSeveral(this Target target) =>
        target.Kind is TargetKind.All or TargetKind.Others or TargetKind.Group or TargetKind.Clients || target.WorkerIds.Length > 1;
}

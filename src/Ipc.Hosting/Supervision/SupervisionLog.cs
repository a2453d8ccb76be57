using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>What supervisor and workers log about processes.</summary>
internal static partial class SupervisionLog
{
    [LoggerMessage(100, LogLevel.Information, "{Group} x{Count} pids {ProcessIds}, {Backing}, {Memory}, ready in {Milliseconds} ms, Ctrl+C stops")]
    public static partial void GroupReady(ILogger logger, string group, int count, string processIds, string backing, string memory, long milliseconds);

    [LoggerMessage(101, LogLevel.Warning, "Worker {Worker} has ended: {Failure}. It is started again in {Delay}.")]
    public static partial void StartedAgain(ILogger logger, PeerId worker, string failure, TimeSpan delay);

    [LoggerMessage(145, LogLevel.Warning, "Worker {Worker} has ended: {Failure}. It is not started again, since it was to stop then.")]
    public static partial void NotStartedAgain(ILogger logger, PeerId worker, string failure);

    [LoggerMessage(102, LogLevel.Information, "Worker {Worker} (pid {ProcessId}) is ready; it succeeds one that ended.")]
    public static partial void SuccessorReady(ILogger logger, PeerId worker, int processId);

    [LoggerMessage(103, LogLevel.Error, "Worker {Worker} could not be started: {Reason}. It is tried again in {Delay}.")]
    public static partial void StartFailed(ILogger logger, PeerId worker, string reason, TimeSpan delay);

    [LoggerMessage(119, LogLevel.Error, "Worker {Worker} has ended: {Failure}. It is not started again: {Option} allows no more than that (Limit {Limit} in {Window}). What waited for it is lost, as reported, and sends to it fail. It began with this: {First}.")]
    public static partial void Quarantined(ILogger logger, PeerId worker, string failure, int limit, TimeSpan window, string option, string first);

    [LoggerMessage(122, LogLevel.Warning, "Worker {Worker} has ended: {Failure}. Process {ProcessId} has taken over.")]
    public static partial void TakenOver(ILogger logger, PeerId worker, string failure, int processId);

    [LoggerMessage(123, LogLevel.Debug, "Worker {Worker} has made place for its successor: {Exit}.")]
    public static partial void Replaced(ILogger logger, PeerId worker, string exit);

    [LoggerMessage(124, LogLevel.Information, "Worker {Worker} was not recycled, since the host stops.")]
    public static partial void ReplacementGivenUp(ILogger logger, PeerId worker);

    [LoggerMessage(125, LogLevel.Information, "{Group} x{Count} is reloaded: each worker is replaced by a new process.")]
    public static partial void Reloading(ILogger logger, string group, int count);

    [LoggerMessage(126, LogLevel.Information, "{Group} was reloaded; workers replaced: {Count}.")]
    public static partial void Reloaded(ILogger logger, string group, int count);

    [LoggerMessage(146, LogLevel.Information, "{Group} was not reloaded to the end, since {Reason}: {Replaced} of {Count} workers were replaced.")]
    public static partial void ReloadGivenUp(ILogger logger, string group, string reason, int replaced, int count);

    [LoggerMessage(127, LogLevel.Error, "{Group} was reloaded in part: {Replaced} of {Count} workers were replaced, the others go on as they were. {Problem}.")]
    public static partial void ReloadFailed(ILogger logger, string group, int replaced, int count, string problem);

    [LoggerMessage(128, LogLevel.Information, "{Group} is scaled from {Before} to {Count} workers.")]
    public static partial void Scaling(ILogger logger, string group, int before, int count);

    [LoggerMessage(133, LogLevel.Information, "Standby {Standby} (pid {ProcessId}) is prepared.")]
    public static partial void StandbyPrepared(ILogger logger, PeerId standby, int processId);

    [LoggerMessage(129, LogLevel.Warning, "Standby {Standby} has ended: {Failure}. Another is started in {Delay}.")]
    public static partial void StandbyEnded(ILogger logger, PeerId standby, string failure, TimeSpan delay);

    [LoggerMessage(130, LogLevel.Error, "Standby {Standby} has ended: {Failure}. No other is started in its place: {Option} does not allow more restarts.")]
    public static partial void StandbyQuarantined(ILogger logger, PeerId standby, string failure, string option);

    [LoggerMessage(131, LogLevel.Error, "What {Signal} asks for could not be done.")]
    public static partial void SignalFailed(ILogger logger, System.Runtime.InteropServices.PosixSignal signal, Exception exception);

    [LoggerMessage(132, LogLevel.Debug, "What {Signal} asks for was given up with the stop: {Reason}")]
    public static partial void SignalGivenUp(ILogger logger, System.Runtime.InteropServices.PosixSignal signal, string reason);

    [LoggerMessage(140, LogLevel.Information, "Worker {Worker} (pid {ProcessId}) is recycled: {Reason}.")]
    public static partial void Recycling(ILogger logger, PeerId worker, int processId, string reason);

    [LoggerMessage(141, LogLevel.Error, "Worker {Worker} was not recycled: {Problem}. It goes on, and is looked at again in {Delay}.")]
    public static partial void RecyclingFailed(ILogger logger, PeerId worker, string problem, TimeSpan delay);

    [LoggerMessage(118, LogLevel.Error, "Worker {Worker} is not started: {Reason}.")]
    public static partial void Abandoned(ILogger logger, PeerId worker, string reason);

    [LoggerMessage(121, LogLevel.Error, "Worker {Worker} (pid {ProcessId}) was not ready after {Timeout} (Ipc:StartTimeout) and is killed: {Reason}.")]
    public static partial void NotReady(ILogger logger, PeerId worker, int processId, TimeSpan timeout, string reason);

    [LoggerMessage(142, LogLevel.Error, "Worker {Worker} (pid {ProcessId}) hangs: {Reason} ({Option}). It is killed. It ran {Running}; messages that wait for its successor: {Waiting}. {Dump}.")]
    public static partial void Hung(ILogger logger, PeerId worker, int processId, string reason, string running, long waiting, string dump, string option);

    [LoggerMessage(144, LogLevel.Warning, "Workers of {Group} run without dumps: nothing can be written to {Folder} ({Option}): {Reason}. Those that are started when that is mended have them again.")]
    public static partial void WithoutDumps(ILogger logger, string group, string option, string folder, string reason);

    [LoggerMessage(143, LogLevel.Warning, "Of worker {Worker} (pid {ProcessId}), which hangs, there is no dump: {Reason}.")]
    public static partial void NoDump(ILogger logger, PeerId worker, int processId, string reason);

    [LoggerMessage(120, LogLevel.Warning, "Told to stop once more: the workers are killed, and what runs in them with them.")]
    public static partial void Hurrying(ILogger logger);

    [LoggerMessage(110, LogLevel.Critical, "{Report}")]
    public static partial void GaveUp(ILogger logger, string report);

    [LoggerMessage(104, LogLevel.Warning, "Worker {Worker} (pid {ProcessId}) had not stopped after {Timeout} (Ipc:StopTimeout) and was killed.")]
    public static partial void Killed(ILogger logger, PeerId worker, int processId, TimeSpan timeout);

    [LoggerMessage(116, LogLevel.Warning, "Worker {Worker} (pid {ProcessId}) had {Given} to stop and was killed: other services of the supervisor had used up the host's ShutdownTimeout.")]
    public static partial void KilledEarly(ILogger logger, PeerId worker, int processId, TimeSpan given);

    [LoggerMessage(105, LogLevel.Warning, "Messages for {Worker} were lost: {Count} (sender {Sender}, action {Action}): {Reason}")]
    public static partial void MessagesLost(ILogger logger, long count, PeerId worker, PeerId sender, string action, string reason);

    [LoggerMessage(106, LogLevel.Information, "The whole cluster runs in this process: {Reason}")]
    public static partial void InProcess(ILogger logger, string reason);

    [LoggerMessage(150, LogLevel.Warning, "Ipc:Clients:Enabled has no effect: no client can join a cluster that runs in one process.")]
    public static partial void NoClientsInProcess(ILogger logger);

    [LoggerMessage(151, LogLevel.Information, "Clients may join at {SocketPath}")]
    public static partial void ClientsMayJoin(ILogger logger, string socketPath);

    [LoggerMessage(107, LogLevel.Information, "{Group} x{Count} in this process, ready in {Milliseconds} ms")]
    public static partial void GroupReadyInProcess(ILogger logger, string group, int count, long milliseconds);

    [LoggerMessage(108, LogLevel.Information, "There is no cluster: {Reason}")]
    public static partial void Off(ILogger logger, string reason);

    [LoggerMessage(111, LogLevel.Error, "The services of {Worker} could not all be disposed.")]
    public static partial void DisposalFailed(ILogger logger, PeerId worker, Exception exception);

    [LoggerMessage(109, LogLevel.Warning, "dotnet watch changes the supervisor's code only: workers keep the old code until they are started again.")]
    public static partial void DotnetWatch(ILogger logger);
}

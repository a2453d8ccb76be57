using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Control;

/// <summary>What the control plane logs.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(100, LogLevel.Warning, "A connection from process {ProcessId} was refused: {Reason}")]
    public static partial void ConnectionRefused(ILogger logger, int processId, string reason);

    [LoggerMessage(101, LogLevel.Error, "A control connection failed and is closed")]
    public static partial void ConnectionFailed(ILogger logger, Exception error);

    [LoggerMessage(102, LogLevel.Error, "Work on the control thread failed")]
    public static partial void ActionFailed(ILogger logger, Exception error);

    [LoggerMessage(103, LogLevel.Debug, "{Worker} connected from process {ProcessId}")]
    public static partial void WorkerConnected(ILogger logger, PeerId worker, int processId);

    [LoggerMessage(104, LogLevel.Debug, "The control connection of {Worker} ended: {Reason}")]
    public static partial void WorkerDisconnected(ILogger logger, PeerId worker, string reason);

    [LoggerMessage(105, LogLevel.Warning, "The endpoint cannot accept connections for now; it tries again")]
    public static partial void AcceptFailed(ILogger logger);

    [LoggerMessage(106, LogLevel.Warning, "{Reader} dropped the {Kind} lane from {Writer}: {Reason}")]
    public static partial void LaneFaulted(ILogger logger, PeerId reader, LaneKind kind, PeerId writer, string reason);

    [LoggerMessage(107, LogLevel.Debug, "Messages of {Sender} to {Worker} were lost: {Count}: {Reason}")]
    public static partial void MessagesLost(ILogger logger, long count, PeerId sender, PeerId worker, string reason);

    [LoggerMessage(108, LogLevel.Information, "Lanes go over the pipe: {Reason}")]
    public static partial void SharedMemoryRefused(ILogger logger, string reason);

    [LoggerMessage(109, LogLevel.Error, "The receiver of a {Kind} lane from {Remote} threw; the lane is closed")]
    public static partial void ReceiverFailed(ILogger logger, Exception error, LaneKind kind, PeerId remote);

    [LoggerMessage(110, LogLevel.Debug, "The {Kind} lane from {Remote} ended in the middle of a frame")]
    public static partial void TruncatedFrame(ILogger logger, LaneKind kind, PeerId remote);

    [LoggerMessage(111, LogLevel.Error, "{Writer} could not be told that the reader of its {Kind} lane, {Reader}, has ended; the lane is closed")]
    public static partial void WriterNotTold(ILogger logger, Exception error, PeerId writer, LaneKind kind, PeerId reader);

    [LoggerMessage(112, LogLevel.Error, "The {Kind} lane to {Reader} is closed: the doorbell of its next reader could not be opened")]
    public static partial void LaneNotKept(ILogger logger, Exception error, LaneKind kind, PeerId reader);

    [LoggerMessage(113, LogLevel.Error, "The receiver of a {Kind} lane from {Remote} threw; that frame counts as finished and the lane goes on")]
    public static partial void ReceiverFailedOnce(ILogger logger, Exception error, LaneKind kind, PeerId remote);

    [LoggerMessage(114, LogLevel.Error, "The ring of the {Kind} lane to {Reader} is broken and given up: {Reason}")]
    public static partial void LaneBroken(ILogger logger, LaneKind kind, PeerId reader, string reason);

    [LoggerMessage(115, LogLevel.Information, "A large message goes through its ring in pieces, and would be lost if its reader died in the middle of it: {Reason}")]
    public static partial void SegmentRefused(ILogger logger, string reason);

    [LoggerMessage(116, LogLevel.Error, "Memory for large messages of the {Kind} lane {Remote} could not be opened")]
    public static partial void SegmentNotOpened(ILogger logger, Exception error, LaneKind kind, PeerId remote);

    [LoggerMessage(117, LogLevel.Debug, "This kernel has no futex_waitv, or a filter of calls does not allow it: that a worker dies is learnt from its exit, when its memory has been freed")]
    public static partial void DeathsLearntLate(ILogger logger);

    [LoggerMessage(118, LogLevel.Information, "{Client} joined: process {ProcessId} of user {UserId}")]
    public static partial void ClientJoined(ILogger logger, PeerId client, int processId, uint userId);

    [LoggerMessage(119, LogLevel.Information, "{Client} left: {Reason}")]
    public static partial void ClientLeft(ILogger logger, PeerId client, string reason);

    [LoggerMessage(120, LogLevel.Warning, "The endpoint's socket {SocketPath} could not be removed")]
    public static partial void SocketNotRemoved(ILogger logger, Exception error, string socketPath);
}

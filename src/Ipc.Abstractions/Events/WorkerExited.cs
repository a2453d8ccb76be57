using Ipc.Serialization;

namespace Ipc;

/// <summary>A worker's process has ended, whatever the cause, or could not be started. Raised in the supervisor, once for each incarnation.</summary>
[Message]
public sealed record WorkerExited : IMessage<WorkerExited>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "WORKER.EXIT";

    /// <summary>The incarnation.</summary>
    public required PeerId Worker { get; init; }

    /// <summary>Its process; 0 when none could be started.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The exit code, as shells count: 128+n for signal n. <see langword="null"/> when there was no process, or the system did not say.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The number of the signal that ended it; <see langword="null"/> when none did, and on Windows.</summary>
    public int? Signal { get; init; }

    /// <summary>How and why it ended, in words: <c>was ended by SIGKILL</c>, <c>exited with code 3</c>, <c>was ended by SIGKILL: the kernel killed it because memory ran out</c>, ...</summary>
    public required string Reason { get; init; }

    /// <summary>Whether a stop had been asked for. An exit code of 0 that nobody asked for is an end like any other.</summary>
    public bool WasAskedFor { get; init; }

    /// <summary>Whether it had been ready.</summary>
    public bool WasReady { get; init; }

    /// <summary>How long the process ran.</summary>
    public TimeSpan RanFor { get; init; }

    /// <summary>The actions whose listeners were running, with how many messages each. Known over shared memory; what came over pipes is not in it.</summary>
    public IReadOnlyList<ActionCount> Running { get; init; } = [];

    /// <summary>The messages that were lost with it, by action. What its senders find out about their pipes later is in the log and in the counter <c>ipc.messages.lost</c> only.</summary>
    public IReadOnlyList<ActionCount> Lost { get; init; } = [];

    /// <summary>What happens next.</summary>
    public required WorkerExitOutcome Outcome { get; init; }

    /// <summary>When a successor is started, from the end on; zero when none is.</summary>
    public TimeSpan RestartDelay { get; init; }

    /// <summary>The last line that it wrote to standard error; <see langword="null"/> when there was none.</summary>
    public string? LastErrorLine { get; init; }

    /// <summary>
    /// The last error that its console logger wrote, with the exception's type and message; of its host's the first. <see langword="null"/> when there was none, when it was killed, and where its group's
    /// output is passed through.
    /// </summary>
    public string? LoggedError { get; init; }

    /// <summary>The dump that it has left; <see langword="null"/> when there is none.</summary>
    public string? DumpFile { get; init; }

    /// <inheritdoc/>
    public static MessageSerializer<WorkerExited> Serializer { get; } = new MemberSerializer<WorkerExited>(members: 18, Write, Read);

    private static void Write(ref MessagePackWriter writer, WorkerExited value)
    {
        EventMembers.WritePeer(ref writer, value.Worker);
        writer.Write(value.ProcessId);
        EventMembers.Write(ref writer, value.ExitCode);
        EventMembers.Write(ref writer, value.Signal);
        writer.Write(value.Reason);
        writer.Write(value.WasAskedFor);
        writer.Write(value.WasReady);
        writer.Write(value.RanFor);
        EventMembers.Write(ref writer, value.Running);
        EventMembers.Write(ref writer, value.Lost);
        writer.Write((int)value.Outcome);
        writer.Write(value.RestartDelay);
        writer.Write(value.LastErrorLine);
        writer.Write(value.DumpFile);
        writer.Write(value.LoggedError);
    }

    private static WorkerExited Read(ref MessagePackReader reader) => new()
    {
        Worker = EventMembers.ReadPeer(ref reader),
        ProcessId = reader.ReadInt32(),
        ExitCode = EventMembers.ReadNumber(ref reader),
        Signal = EventMembers.ReadNumber(ref reader),
        Reason = reader.ReadString() ?? "",
        WasAskedFor = reader.ReadBoolean(),
        WasReady = reader.ReadBoolean(),
        RanFor = reader.ReadTimeSpan(),
        Running = EventMembers.ReadCounts(ref reader),
        Lost = EventMembers.ReadCounts(ref reader),
        Outcome = (WorkerExitOutcome)reader.ReadInt32(),
        RestartDelay = reader.ReadTimeSpan(),
        LastErrorLine = reader.ReadString(),
        DumpFile = reader.ReadString(),
        LoggedError = reader.ReadString(),
    };
}

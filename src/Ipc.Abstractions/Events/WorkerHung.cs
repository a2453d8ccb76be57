using Ipc.Serialization;

namespace Ipc;

/// <summary>A worker hangs: for its group's <c>HangTimeout</c>, stopped and frozen time not counted, it has not come forward. Raised in the supervisor, with the evidence, before the process is killed.</summary>
[Message]
public sealed record WorkerHung : IMessage<WorkerHung>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "WORKER.HUNG";

    /// <summary>The incarnation.</summary>
    public required PeerId Worker { get; init; }

    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>What was found.</summary>
    public required HangCause Cause { get; init; }

    /// <summary>The same in words, with the action where it is known.</summary>
    public required string Reason { get; init; }

    /// <summary>For how long, at least.</summary>
    public TimeSpan HungFor { get; init; }

    /// <summary>The actions whose listeners have started and not ended, those that await included. Known over shared memory.</summary>
    public IReadOnlyList<ActionCount> Running { get; init; } = [];

    /// <summary>How many messages wait in its inbox; its successor gets them. Known over shared memory.</summary>
    public long Waiting { get; init; }

    /// <summary>The dump with the stacks of all threads; <see langword="null"/> when its group has no <c>DumpFolder</c>, or none could be written.</summary>
    public string? DumpFile { get; init; }

    /// <inheritdoc/>
    public static MessageSerializer<WorkerHung> Serializer { get; } = new MemberSerializer<WorkerHung>(members: 11, Write, Read);

    private static void Write(ref MessagePackWriter writer, WorkerHung value)
    {
        EventMembers.WritePeer(ref writer, value.Worker);
        writer.Write(value.ProcessId);
        writer.Write((int)value.Cause);
        writer.Write(value.Reason);
        writer.Write(value.HungFor);
        EventMembers.Write(ref writer, value.Running);
        writer.Write(value.Waiting);
        writer.Write(value.DumpFile);
    }

    private static WorkerHung Read(ref MessagePackReader reader) => new()
    {
        Worker = EventMembers.ReadPeer(ref reader),
        ProcessId = reader.ReadInt32(),
        Cause = (HangCause)reader.ReadInt32(),
        Reason = reader.ReadString() ?? "",
        HungFor = reader.ReadTimeSpan(),
        Running = EventMembers.ReadCounts(ref reader),
        Waiting = reader.ReadInt64(),
        DumpFile = reader.ReadString(),
    };
}

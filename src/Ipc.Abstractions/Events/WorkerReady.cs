using Ipc.Serialization;

namespace Ipc;

/// <summary>A worker is ready: its hosted services have started.</summary>
/// <remarks>In the supervisor the event is raised for every worker, in a worker for itself only; <see cref="ListenerAttribute.RunsIn"/> chooses.</remarks>
/// <param name="Worker">The incarnation.</param>
/// <param name="ProcessId">Its process.</param>
[Message]
public sealed record WorkerReady(PeerId Worker, int ProcessId) : IMessage<WorkerReady>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "WORKER.READY";

    /// <inheritdoc/>
    public static MessageSerializer<WorkerReady> Serializer { get; } = new MemberSerializer<WorkerReady>(members: 5, Write, Read);

    private static void Write(ref MessagePackWriter writer, WorkerReady value)
    {
        EventMembers.WritePeer(ref writer, value.Worker);
        writer.Write(value.ProcessId);
    }

    private static WorkerReady Read(ref MessagePackReader reader) => new(EventMembers.ReadPeer(ref reader), reader.ReadInt32());
}

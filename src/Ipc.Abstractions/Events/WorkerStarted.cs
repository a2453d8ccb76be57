using Ipc.Serialization;

namespace Ipc;

/// <summary>A worker has been started: its process runs (in the supervisor), or has joined the cluster and starts its hosted services now (in the worker itself).</summary>
/// <remarks>In the supervisor the event is raised for every worker, in a worker for itself only; <see cref="ListenerAttribute.RunsIn"/> chooses.</remarks>
/// <param name="Worker">The incarnation.</param>
/// <param name="ProcessId">Its process.</param>
[Message]
public sealed record WorkerStarted(PeerId Worker, int ProcessId) : IMessage<WorkerStarted>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "WORKER.START";

    /// <inheritdoc/>
    public static MessageSerializer<WorkerStarted> Serializer { get; } = new MemberSerializer<WorkerStarted>(members: 5, Write, Read);

    private static void Write(ref MessagePackWriter writer, WorkerStarted value)
    {
        EventMembers.WritePeer(ref writer, value.Worker);
        writer.Write(value.ProcessId);
    }

    private static WorkerStarted Read(ref MessagePackReader reader) => new(EventMembers.ReadPeer(ref reader), reader.ReadInt32());
}

using Ipc.Serialization;

namespace Ipc;

/// <summary>A worker stops in an orderly way: it is asked to finish (in the supervisor), or begins to (in the worker itself, which waits for the listeners of this event before it ends).</summary>
/// <remarks>In the supervisor the event is raised for every worker, in a worker for itself only; <see cref="ListenerAttribute.RunsIn"/> chooses.</remarks>
/// <param name="Worker">The incarnation.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Timeout">How long what runs in it may take, before its process is ended.</param>
[Message]
public sealed record WorkerStopping(PeerId Worker, int ProcessId, TimeSpan Timeout) : IMessage<WorkerStopping>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "WORKER.STOP";

    /// <inheritdoc/>
    public static MessageSerializer<WorkerStopping> Serializer { get; } = new MemberSerializer<WorkerStopping>(members: 6, Write, Read);

    private static void Write(ref MessagePackWriter writer, WorkerStopping value)
    {
        EventMembers.WritePeer(ref writer, value.Worker);
        writer.Write(value.ProcessId);
        writer.Write(value.Timeout);
    }

    private static WorkerStopping Read(ref MessagePackReader reader) => new(EventMembers.ReadPeer(ref reader), reader.ReadInt32(), reader.ReadTimeSpan());
}

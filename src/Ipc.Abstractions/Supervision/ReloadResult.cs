using Ipc.Serialization;

namespace Ipc;

/// <summary>What came of reloading a group: the result of <see cref="IWorkerControl.ReloadAsync"/>, and in the supervisor the event <see cref="EventName"/>, whoever has asked for it.</summary>
/// <param name="Group">Which.</param>
/// <param name="Replaced">The new incarnations, in the order of their worker ids.</param>
/// <param name="Problem">Why the reload ended before all were replaced, as a sentence that names the worker; the others go on as they were. <see langword="null"/> when all are.</param>
[Message]
public sealed record ReloadResult(string Group, IReadOnlyList<PeerId> Replaced, string? Problem) : IMessage<ReloadResult>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "WORKER.RELOAD";

    /// <summary>Whether every worker was replaced.</summary>
    public bool Succeeded => Problem is null;

    /// <inheritdoc/>
    public static MessageSerializer<ReloadResult> Serializer { get; } = new MemberSerializer<ReloadResult>(members: 3, Write, Read);

    private static void Write(ref MessagePackWriter writer, ReloadResult value)
    {
        writer.Write(value.Group);
        writer.WriteArrayHeader(value.Replaced.Count);
        foreach (PeerId peer in value.Replaced)
        {
            EventMembers.WritePeer(ref writer, peer);
        }

        writer.Write(value.Problem);
    }

    private static ReloadResult Read(ref MessagePackReader reader)
    {
        string group = reader.ReadString() ?? "";
        int count = reader.ReadArrayHeader();
        var replaced = new List<PeerId>();
        for (int i = 0; i < count; i++)
        {
            replaced.Add(EventMembers.ReadPeer(ref reader));
        }

        return new ReloadResult(group, replaced, reader.ReadString());
    }
}

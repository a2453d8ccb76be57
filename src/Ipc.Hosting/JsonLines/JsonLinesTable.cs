using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.JsonLines;

/// <summary>What a client that speaks JSON lines listens to, known only when it joins.</summary>
/// <param name="actions">The actions.</param>
/// <param name="inbox">Takes the messages.</param>
internal sealed class JsonLinesTable(IReadOnlyList<string> actions, JsonLinesInbox inbox) : ListenerTable
{
    public override string AssemblyName => "";

    // Others may send to it as to any listener of a client's: the cluster's peers always, other clients too, since whoever gives a name and actions wants to hear.
    public override IReadOnlyList<ListenerDescriptor> Listeners { get; } =
    [
        .. actions.Select(action => new ListenerDescriptor<JsonLinesListener, MessageBody>(
            ListenerDescriptor.MessageEventPrefix + action, BuiltInSerializers.Body, _ => new JsonLinesListener(action, inbox))
        {
            Lifetime = ListenerLifetime.Singleton,
            AllowClients = true,
        }),
    ];

    public override IReadOnlyList<MessageSerializer> Serializers => [];

    public override IReadOnlyList<ListenerTable> References => [];
}

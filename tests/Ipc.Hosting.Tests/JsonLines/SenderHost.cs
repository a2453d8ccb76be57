using Ipc.JsonLines;

namespace Ipc.Hosting.Tests.JsonLines;

/// <summary>Lets sessions send as somebody who is in a cluster already.</summary>
internal sealed class SenderHost(IMessageSender sender, MethodTable methods, int maxLineLength) : IJsonLinesHost, IJsonLinesPeer
{
    public MethodTable Methods { get; } = methods;

    public int MaxLineLength { get; } = maxLineLength;

    public PeerId Id { get; private set; }

    public IMessageSender Sender { get; } = sender;

    public IReadOnlyList<string> Actions { get; private set; } = [];

    public JsonLinesInbox? Inbox { get; private set; }

    public bool HasLeft { get; private set; }

    public ValueTask<IJsonLinesPeer> JoinAsync(string? name, IReadOnlyList<string> actions, JsonLinesInbox inbox, CancellationToken cancellationToken)
    {
        if (name == "refused")
        {
            throw new IpcException(IpcError.NotAllowed, "No more clients.");
        }

        Id = PeerId.Client(name ?? "nameless", 7);
        (Actions, Inbox) = (actions, inbox);
        return new(this);
    }

    public bool MayUse(string action) => true;

    public ValueTask DisposeAsync()
    {
        HasLeft = true;
        return default;
    }
}

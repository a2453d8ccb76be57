using System.Threading.Channels;

namespace Ipc.Wiring.Tests;

/// <summary>Four listeners of one event, each of which says that it ran.</summary>
internal static class OrderedListeners
{
    private static ValueTask Say(Channel<string> seen, string name) => seen.Writer.WriteAsync(name);

    [Listener("PIPE_MESSAGE.ordered", Priority = 10)]
    internal sealed class LastByName(Channel<string> seen) : IListener<string>
    {
        public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => Say(seen, nameof(LastByName));
    }

    [Listener("PIPE_MESSAGE.ordered")]
    internal sealed class Between(Channel<string> seen) : IListener<string>
    {
        public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => Say(seen, nameof(Between));
    }

    [Listener("PIPE_MESSAGE.ordered")]
    internal sealed class Alphabetical(Channel<string> seen) : IListener<string>
    {
        public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => Say(seen, nameof(Alphabetical));
    }

    [Listener("PIPE_MESSAGE.ordered", Priority = -1)]
    internal sealed class Belated(Channel<string> seen) : IListener<string>
    {
        public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => Say(seen, nameof(Belated));
    }
}

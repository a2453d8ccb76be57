using System.Collections.Concurrent;

namespace Ipc.Hosting.Tests;

/// <summary>What listeners to events of the family WORKER have heard, where a test has registered one.</summary>
internal sealed class EventLog
{
    private readonly ConcurrentQueue<string> _heard = new();

    public IReadOnlyList<string> Heard => [.. _heard];

    public void Add(PeerId self, MessageContext context, PeerId worker) => _heard.Enqueue($"{self}: {context.Action} {worker} from {context.Sender}");
}

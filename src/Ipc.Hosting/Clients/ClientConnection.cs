using Ipc.Transports;

namespace Ipc.Clients;

/// <summary>One connection of a client, from joining to its end.</summary>
/// <param name="Transport">What it sends and receives with.</param>
/// <param name="Ended">Completes, with the reason, when it has ended without a stop from this side.</param>
internal sealed record ClientConnection(ClientTransport Transport, Task<string> Ended)
{
    /// <summary>Hears of the end.</summary>
    public sealed class Events : IClientEvents
    {
        private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Ended => _ended.Task;

        public void OnDisconnected(string reason) => _ended.TrySetResult(reason);
    }
}

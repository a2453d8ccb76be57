namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Keeps why a client's connection ended.</summary>
internal sealed class ClientEvents : IClientEvents
{
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the reason.</summary>
    public Task<string> Ended => _ended.Task.WaitAsync(Frames.Patience);

    public void OnDisconnected(string reason) => _ended.TrySetResult(reason);
}

namespace Ipc.Benchmarks.Api;

/// <summary>Holds memory that is really there: every page is written.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class HoldMemoryListener : IListener<HoldMemory, int>
{
    private readonly List<byte[]> _held = [];

    public ValueTask<int> HandleAsync(HoldMemory message, MessageContext context, CancellationToken cancellationToken)
    {
        for (int i = 0; i < message.Megabytes; i++)
        {
            byte[] piece = new byte[1 << 20];
            Array.Fill(piece, (byte)1);
            _held.Add(piece);
        }

        return new(Environment.ProcessId);
    }
}

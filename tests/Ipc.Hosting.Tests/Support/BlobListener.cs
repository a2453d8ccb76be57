namespace Ipc.Hosting.Tests;

/// <summary>Carries bytes that its listener reads in place.</summary>
[Message("test.blob")]
public partial record struct Blob(int Number, MessageBytes Data) : IRequestMessage<Blob>;

/// <summary>Does with it what a test says, then gives it back.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton, Concurrent = true)]
internal sealed class BlobListener(Gates gates) : IListener<Blob, Blob>
{
    public ValueTask<Blob> HandleAsync(Blob message, MessageContext context, CancellationToken cancellationToken)
    {
        ValueTask running = gates.OnBlob?.Invoke(message) ?? default;
        return running.IsCompletedSuccessfully ? new(message) : LaterAsync(running, message);
    }

    private static async ValueTask<Blob> LaterAsync(ValueTask running, Blob message)
    {
        await running;
        return message;
    }
}

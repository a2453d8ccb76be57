namespace Ipc.Dispatch;

/// <summary>Ends listeners that the emitted code constructed: the container does not know them.</summary>
internal static class ListenerDisposal
{
    public static async ValueTask AfterAsync(ValueTask running, object listener)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync(listener).ConfigureAwait(false);
        }
    }

    public static ValueTask DisposeAsync(object listener)
    {
        switch (listener)
        {
            case IAsyncDisposable asynchronous:
                return asynchronous.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                return default;
            default:
                return default;
        }
    }
}

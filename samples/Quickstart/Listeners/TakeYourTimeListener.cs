using Ipc;
using Quickstart.Messages;

namespace Quickstart.Listeners;

/// <summary>Works until its asker gives up: the token crosses the process.</summary>
[Listener(RunsIn = ListenerPlaces.Workers)]
internal sealed class TakeYourTimeListener(Narrator narrator) : IListener<TakeYourTime, string>
{
    public async ValueTask<string> HandleAsync(TakeYourTime message, MessageContext context, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return "";
        }
        catch (OperationCanceledException)
        {
            narrator.Say("my asker no longer waits, so I stop");
            throw;
        }
    }
}

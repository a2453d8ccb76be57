using System.Diagnostics;
using Ipc;
using Quickstart.Messages;

namespace Quickstart.Listeners;

/// <summary>Dies while it handles a request.</summary>
[Listener(RunsIn = ListenerPlaces.Workers)]
internal sealed class CrashListener(Narrator narrator) : IListener<Crash, string>
{
    public ValueTask<string> HandleAsync(Crash message, MessageContext context, CancellationToken cancellationToken)
    {
        narrator.Say("I kill myself with SIGKILL, in the middle of a request");
        Process.GetCurrentProcess().Kill();
        return new("never said");
    }
}

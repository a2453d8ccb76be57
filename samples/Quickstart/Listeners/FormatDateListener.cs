using System.Globalization;
using Ipc;
using Quickstart.Messages;

namespace Quickstart.Listeners;

/// <summary>Answers with what it returns.</summary>
[Listener("PIPE_MESSAGE.date.format", RunsIn = ListenerPlaces.Workers, AllowClients = true)]
internal sealed class FormatDateListener : IListener<FormatDate, string>
{
    public ValueTask<string> HandleAsync(FormatDate message, MessageContext context, CancellationToken cancellationToken) =>
        new(message.Date.ToString(message.Format, CultureInfo.InvariantCulture));
}

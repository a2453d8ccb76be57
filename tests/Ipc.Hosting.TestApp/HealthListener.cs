using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ipc.Hosting.TestApp;

/// <summary>Says how the process is that it runs in.</summary>
[Listener]
internal sealed class HealthListener(HealthCheckService health) : IListener<HowAreYou, string>
{
    public async ValueTask<string> HandleAsync(HowAreYou message, MessageContext context, CancellationToken cancellationToken)
    {
        HealthReport report = await health.CheckHealthAsync(cancellationToken);
        return $"{report.Status} {report.Entries["ipc"].Description}";
    }
}

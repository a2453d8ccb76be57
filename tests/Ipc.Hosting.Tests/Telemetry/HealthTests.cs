using Ipc.Health;
using Ipc.Supervision;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>What the health check says, and when; with real processes in <c>RestartTests</c>.</summary>
public sealed class HealthTests
{
    private static readonly WorkerState Ready0 = new(PeerId.Worker("web", 0, 1), 10, IsReady: true, IsQuarantined: false, Restarts: 0);
    private static readonly WorkerState Ready1 = new(PeerId.Worker("web", 1, 3), 11, IsReady: true, IsQuarantined: false, Restarts: 2);
    private static readonly WorkerState Starting = new(PeerId.Worker("web", 2, 2), 12, IsReady: false, IsQuarantined: false, Restarts: 0);
    private static readonly WorkerState Quarantined = new(PeerId.Worker("web", 3, 6), 13, IsReady: false, IsQuarantined: true, Restarts: 5);
    private static readonly WorkerState OtherStarting = new(PeerId.Worker("task", 0, 1), 14, IsReady: false, IsQuarantined: false, Restarts: 0);

    [Fact]
    public void A_cluster_whose_workers_are_all_ready_is_healthy()
    {
        ClusterHealth health = ClusterHealth.Judge([Ready0, Ready1], [new InboxFill(Ready0.Id, 100, 0.89)]);
        Assert.Equal((HealthStatus.Healthy, "All 2 workers are ready."), (health.Status, health.Description));
        Assert.Equal(
            ["workers=2", "ready=2", "quarantined=0", "restarts=2", "fullest inbox=0.89"],
            health.Data!.Select(d => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{d.Key}={d.Value}")));
    }

    [Fact]
    public void Quarantined_and_missing_workers_and_inboxes_that_are_nearly_full_degrade_it()
    {
        ClusterHealth health = ClusterHealth.Judge([Ready0, Ready1, Starting, Quarantined], [new InboxFill(Ready0.Id, 1, 0.1), new InboxFill(Ready1.Id, 100, 0.9)]);
        Assert.Equal((HealthStatus.Degraded, "Quarantined: web/3. Not ready: web/2. Inboxes nearly full: web/1."), (health.Status, health.Description));
    }

    [Fact]
    public void A_group_without_a_ready_worker_makes_it_unhealthy_whatever_the_others_do()
    {
        ClusterHealth health = ClusterHealth.Judge([Ready0, Quarantined, OtherStarting], []);
        Assert.Equal(
            (HealthStatus.Unhealthy, "No worker of the group \"task\" is ready. Quarantined: web/3. Not ready: task/0."), (health.Status, health.Description));
    }

    [Fact]
    public async Task It_is_unhealthy_before_the_start_and_after_the_stop_and_says_all_ready_in_between()
    {
        InProcessCluster cluster = InProcessCluster.Build(host: h => h.Services.AddHealthChecks().AddIpcWorkers());
        var health = cluster.Services.GetRequiredService<HealthCheckService>();
        HealthReportEntry before = (await health.CheckHealthAsync()).Entries["ipc"];
        Assert.Equal((HealthStatus.Unhealthy, "The host has not started, or has stopped."), (before.Status, before.Description));

        await cluster.StartAsync();
        HealthReportEntry running = (await health.CheckHealthAsync()).Entries["ipc"];
        Assert.Equal((HealthStatus.Healthy, "All 3 workers are ready."), (running.Status, running.Description));

        await cluster.StopAsync();
        HealthReportEntry after = (await health.CheckHealthAsync()).Entries["ipc"];
        Assert.Equal((HealthStatus.Unhealthy, "The cluster does not run."), (after.Status, after.Description));
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Its_name_its_tags_and_what_unhealthy_is_reported_as_are_the_programs_choice()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddHealthChecks().AddIpcWorkers("cluster", HealthStatus.Degraded, ["ready"]);
        await using ServiceProvider provider = services.BuildServiceProvider();

        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(r => r.Tags.Contains("ready"));

        HealthReportEntry entry = report.Entries["cluster"];
        Assert.Equal((HealthStatus.Degraded, "AddIpcWorkers() was not called on these services."), (entry.Status, entry.Description));
    }

    [Fact]
    public async Task A_program_whose_cluster_is_switched_off_is_healthy()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddHealthChecks().AddIpcWorkers();
        builder.AddIpcWorkers(o => o.Mode = IpcMode.Off);
        using IHost host = builder.Build();
        await host.StartAsync();

        HealthReportEntry entry = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["ipc"];

        Assert.Equal((HealthStatus.Healthy, "There is no cluster here: Ipc:Mode is Off."), (entry.Status, entry.Description));
        await host.StopAsync();
    }
}

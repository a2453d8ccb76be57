using Ipc;
using Ipc.Hosting.TelemetryApp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

// A cluster in which every process exports what OpenTelemetry's SDK collects into a file of its own, in the folder of the option "exports".
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
var file = new ExportFile(builder.Configuration["exports"]!);
builder.Services.AddSingleton(file).AddSingleton<SeenNumbers>().AddOpenTelemetry()
    .WithTracing(tracing => tracing
        .AddSource(IpcDiagnostics.ActivitySourceName, Script.Source.Name)
        .AddProcessor(new SimpleActivityExportProcessor(new SpanExporter(file))))
    .WithMetrics(metrics => metrics
        .AddMeter(IpcDiagnostics.MeterName)
        .AddReader(new BaseExportingMetricReader(new MetricExporter(file))));
builder.Services.AddHealthChecks().AddIpcWorkers();
builder.AddIpcWorkers(o => o.Workers.Count = 2).OnSupervisor(services => services.AddHostedService<Script>());
using IHost host = builder.Build();

// Not only with the hosted services: what waits for the successor of a worker is handled while they start.
host.Services.GetRequiredService<TracerProvider>();
host.Services.GetRequiredService<MeterProvider>();
await host.RunAsync();

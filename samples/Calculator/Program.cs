using Calculator;
using Ipc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// This file runs in the supervisor, the process that you start, and again in every worker that the supervisor starts.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
var findings = new Findings(Verify: args.Contains("--verify"));
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.Services.AddSingleton(findings);

// The contract runs in the two workers of the group "math"; the supervisor has a proxy, which calls the less busy one of them.
builder.AddIpcWorkers(options =>
    {
        options.Groups["math"] = new IpcGroupOptions { Count = 2 };
    })
    .OnWorkers("math", services => services.AddIpcService<ICalculator, CalculatorService>())
    .OnSupervisor(services => services
        .AddIpcProxy<ICalculator>(Target.Any("math"))
        .AddIpcExceptionMapping(error => new DivisionException((decimal)error.Data[nameof(DivisionException.Dividend)]!))
        .AddHostedService<Demonstration>());

await builder.Build().RunAsync();
return findings.ExitCode;

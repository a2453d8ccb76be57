using Ipc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using TextStats;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return ExitCodes.Success;
}

CommandLine command;
try
{
    command = CommandLine.Parse(args);
}
catch (CommandLineException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.Usage;
}

// Not CreateApplicationBuilder(args): a folder such as /srv/data would be read as a configuration switch.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);

var result = new RunResult();
builder.Services.AddSingleton(command);
builder.Services.AddSingleton(result);
builder.AddIpcWorkers(options =>
{
    if (command.Workers is { } workers)
    {
        options.Workers.Count = workers;
    }
}).OnSupervisor(services => services.AddHostedService<CountingService>());

await builder.Build().RunAsync();
return result.ExitCode;

using Ipc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// What a consumer gets from the package alone: generator, interception, serializers and real processes.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.AddIpcWorkers(options => options.Workers.Count = 2).OnSupervisor(services => services.AddHostedService<Check>());
await builder.Build().RunAsync();

/// <summary>Asks a worker which process it is.</summary>
[Message("which")]
internal sealed partial record Which : IRequestMessage<int>;

/// <summary>Answers with the process id.</summary>
[Listener(RunsIn = ListenerPlaces.Workers)]
internal sealed class WhichListener : IListener<Which, int>
{
    public ValueTask<int> HandleAsync(Which message, MessageContext context, CancellationToken cancellationToken) => new(Environment.ProcessId);
}

/// <summary>Asks all workers, prints how many processes they are, and ends.</summary>
internal sealed class Check(IMessageSender sender, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var processes = new List<int>();
        await foreach (PeerAnswer<int> answer in sender.RequestAllAsync(new Which(), cancellationToken: stoppingToken))
        {
            processes.Add(answer.Value);
        }

        int others = processes.Distinct().Count(process => process != Environment.ProcessId);
        Console.WriteLine($"{processes.Count} workers in {others} other processes");
        lifetime.StopApplication();
    }
}

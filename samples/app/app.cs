#:package Ipc.Hosting@0.1.0
#:property PublishAot=false

using System.Diagnostics;
using Ipc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.AddIpcWorkers(o => o.Workers.Count = 4).OnSupervisor(services => services.AddHostedService<Party>());
await builder.Build().RunAsync();

[Message("greet")]
public partial record Greet(string Name) : IRequestMessage<Greeting>;

[Message]
public partial record Greeting(string Text, int ProcessId);

[Listener(RunsIn = ListenerPlaces.Workers)]
public sealed class Greeter(IpcProcess me) : IListener<Greet, Greeting>
{
    public async ValueTask<Greeting> HandleAsync(Greet message, MessageContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(100, cancellationToken);
        return new($"hello {message.Name} from worker {me.WorkerId}, process {Environment.ProcessId}", Environment.ProcessId);
    }
}

public sealed class Party(IMessageSender sender, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (int id = 0; id < 4; id++)
        {
            Console.WriteLine((await sender.RequestAsync(new Greet("world"), Target.Worker(id))).Text);
        }

        Console.WriteLine("k kills worker 1 while 8 greetings wait for it, q ends");
        for (int key = await ReadKeyAsync(stoppingToken); key is not ('q' or -1); key = await ReadKeyAsync(stoppingToken))
        {
            if (key == 'k')
            {
                await KillAsync();
            }
        }

        lifetime.StopApplication();
    }

    private async Task KillAsync()
    {
        int processId = (await sender.RequestAsync(new Greet("victim"), Target.Worker(1))).ProcessId;
        var waiting = Enumerable.Range(1, 8).Select(i => sender.RequestAsync(new Greet($"guest {i}"), Target.Worker(1)).AsTask()).ToArray();
        await Task.Delay(50);
        Process.GetProcessById(processId).Kill();

        await Task.WhenAll(waiting).ContinueWith(_ => { });
        int answered = waiting.Count(task => task.IsCompletedSuccessfully && task.Result.ProcessId != processId);
        Console.WriteLine($"killed process {processId}: {8 - answered} failed at once (the running one), {answered} of 7 queued were answered by the next "
            + (answered == 7 ? "worker 1: nothing queued was lost" : $"worker 1: {7 - answered} LOST"));
    }

    private static Task<int> ReadKeyAsync(CancellationToken token) =>
        Task.Run(() => Console.IsInputRedirected ? Console.Read() : Console.ReadKey(intercept: true).KeyChar, token).WaitAsync(token);
}

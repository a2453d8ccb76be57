using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Ipc.Hosting.TestApp;

/// <summary>Reads commands, one a line, and prints what came of each, ended by <c>ok</c> or <c>error</c>.</summary>
internal sealed class CommandLoop(IMessageSender sender, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => new Thread(Run) { IsBackground = true }.Start());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Run()
    {
        Console.WriteLine($"supervisor {Environment.ProcessId} is ready");
        while (Console.ReadLine() is { } line)
        {
            // Each command runs by itself: a test may have several under way.
            _ = RunAsync(line.Split(' ')[0], line.Split(' ')[1..]);
        }
    }

    private async Task RunAsync(string tag, string[] command)
    {
        try
        {
            Console.WriteLine($"{tag} ok {await ExecuteAsync(command)}");
        }
        catch (Exception e)
        {
            Console.WriteLine($"{tag} error {(e as IpcException)?.Reason.ToString() ?? e.GetType().Name} {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private async Task<string> ExecuteAsync(string[] command)
    {
        switch (command[0])
        {
            case "who":
                var all = new List<string>();
                await foreach (PeerAnswer<Identity> answer in sender.RequestAllAsync(new WhoAreYou(command.Length > 1 ? command[1] : "")))
                {
                    all.Add(Describe(answer.Value));
                }

                return string.Join(" ; ", all.Order(StringComparer.Ordinal));
            case "ask":
                return Describe(await sender.RequestAsync(new WhoAreYou(), TargetOf(command[1])));
            case "relay":
                return Describe(await sender.RequestAsync(new Relay(Number(command[2])), TargetOf(command[1])));
            case "append":
                // append <target> <file> <from> <count> <delay>
                int from = Number(command[3]);
                int count = Number(command[4]);
                for (int i = from; i < from + count; i++)
                {
                    await sender.SendAsync(new Append(command[2], $"{i}", Number(command[5])), TargetOf(command[1]));
                }

                return $"{count}";
            case "sleep":
                return await sender.RequestAsync(
                    new Sleep(Number(command[2]), command[3]),
                    TargetOf(command[1]),
                    command.Length > 4 ? new RequestOptions { Timeout = TimeSpan.FromMilliseconds(Number(command[4])) } : null);
            case "block":
                return await sender.RequestAsync(new Block(Number(command[2])), TargetOf(command[1]));
            case "end":
                await sender.SendAsync(new EndYourself(string.Join(' ', command[2..])), TargetOf(command[1]));
                return "sent";
            case "big":
                byte[] bytes = new byte[Number(command[2])];
                Array.Fill(bytes, (byte)1);
                long sum = await sender.RequestAsync(new Big(bytes), TargetOf(command[1]));
                return $"{sum}";
            case "echo-rate":
                var watch = Stopwatch.StartNew();
                int rounds = Number(command[2]);
                for (int i = 0; i < rounds; i++)
                {
                    await sender.RequestAsync(new WhoAreYou(), TargetOf(command[1]));
                }

                return $"{watch.Elapsed.TotalMicroseconds / rounds:F1}";
            case "stop":
                lifetime.StopApplication();
                return "stopping";
            default:
                throw new ArgumentException($"unknown command {command[0]}");
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Target TargetOf(string text) => text switch
    {
        "all" => Target.All,
        "any" => Target.Any(),
        _ when text.Contains('/', StringComparison.Ordinal) => Target.Worker(text.Split('/')[0], Number(text.Split('/')[1])),
        _ => Target.Worker(Number(text)),
    };

    private static string Describe(Identity identity) =>
        $"{identity.Group}/{identity.WorkerId}#{identity.Incarnation} pid={identity.ProcessId} parent={identity.ParentId} service={identity.WorkerService} "
        + $"variable={identity.Variable} role={identity.RoleVariable} folder={identity.Folder} arguments={string.Join(',', identity.Arguments)}";
}

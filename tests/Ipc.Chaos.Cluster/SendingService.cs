using Microsoft.Extensions.Hosting;

namespace Ipc.Chaos.Cluster;

/// <summary>Sends until the file <c>stop</c> appears: one loop per action, so that the order of an action's calls is known.</summary>
internal sealed class SendingService(IMessageSender sender, IpcProcess process, LedgerFile ledger, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly (string Name, Target Target)[] Single =
    [
        ("worker/0", Target.Worker(0)), ("worker/1", Target.Worker(1)), ("worker/2", Target.Worker(2)),
        ("task/0", Target.Worker("task", 0)), ("task/1", Target.Worker("task", 1)),
        ("any:worker", Target.Any()), ("any:task", Target.Any("task")), ("supervisor", Target.Supervisor),
    ];

    private static readonly (string Name, Target Target) All = ("all", Target.All);
    private static readonly string Garbler = Environment.GetEnvironmentVariable(GarblingService.Variable) ?? "";
    private static readonly RequestOptions Hasty = new() { Timeout = TimeSpan.FromSeconds(10) };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (process.IsSupervisor)
        {
            lifetime.ApplicationStarted.Register(() => ledger.Write('U', "")); // up: until then calls wait for the workers
        }

        await Task.Yield();
        await Task.WhenAll(
            SendAsync("quick", 300, 400, (n, t) => sender.SendAsync(new Quick(n, LedgerFile.Payload(n, 1 + (n % 300))), t)),
            SendAsync("later", 100, 400, (n, t) => sender.SendAsync(new Later(n, LedgerFile.Payload(n, 1 + (n % 2000))), t)),
            SendAsync("block", 20, 100, (n, t) => sender.SendAsync(new Block(n, LedgerFile.Payload(n, 1 + (n % 100))), t)),
            SendAsync("big", 4, 4, (n, t) => sender.SendAsync(new Big(n, LedgerFile.Payload(n, 30_000 + (n % 17 * 10_000))), t)),
            SendAsync("ask", 50, 200, (n, t) => AskAsync("ask", n, sender.RequestAsync(new Ask(n, LedgerFile.Payload(n, 1 + (n % 300))), t, Patience(t)))),
            SendAsync("asklater", 20, 50, (n, t) => AskAsync("asklater", n, sender.RequestAsync(new AskLater(n, LedgerFile.Payload(n, 1 + (n % 3000))), t, Patience(t)))));
        ledger.Write('Q', "all loops have ended");
    }

    private async Task SendAsync(string action, int burst, int flood, Func<int, Target, ValueTask> send)
    {
        string stop = Path.Combine(ledger.Folder, "stop");
        var random = new Random(HashCode(action));
        bool isRequest = action.StartsWith("ask", StringComparison.Ordinal);
        int number = 0;
        while (!File.Exists(stop))
        {
            (string Name, Target Target) to = !isRequest && random.Next(6) == 0 ? All : Single[random.Next(Single.Length)];
            int count = random.Next(12) switch { 0 => random.Next(1, flood), < 4 => random.Next(1, burst), _ => 1 };
            bool together = isRequest || random.Next(3) == 0;
            var calls = new List<Task>();
            for (int i = 0; i < count; i++)
            {
                Task call = SendOneAsync(action, ++number, to, send);
                if (together)
                {
                    calls.Add(call);
                }
                else
                {
                    await call;
                }
            }

            await Task.WhenAll(calls);
            await Task.Delay(random.Next(count > burst / 2 ? 200 : 30));
        }
    }

    private async Task SendOneAsync(string action, int number, (string Name, Target Target) to, Func<int, Target, ValueTask> send)
    {
        ledger.Write('B', $"{action} {number} {to.Name}");
        try
        {
            await send(number, to.Target);
            ledger.Write('A', $"{action} {number}");
        }
        catch (PartialSendException e)
        {
            ledger.Write('P', $"{action} {number} {string.Join(',', e.Failures.Select(f => $"{f.Peer.Group}/{f.Peer.WorkerId}"))} {OneLine(e)}");
        }
        catch (IpcException e)
        {
            ledger.Write('F', $"{action} {number} {e.Reason} {OneLine(e)}");
        }
        catch (Exception e)
        {
            ledger.Write('F', $"{action} {number} {e.GetType().Name} {OneLine(e)}");
        }
    }

    private async ValueTask AskAsync(string action, int number, ValueTask<Answer> request)
    {
        Answer answer = await request;
        ledger.Write('R', $"{action} {number} {answer.Answerer} {answer.Asker} {answer.Number}");
    }

    /// <summary>A broken peer may never answer, and nobody could know: who asks it waits for a short time only.</summary>
    private static RequestOptions? Patience(Target target) =>
        Garbler.Length != 0 && Array.Exists(Single, s => s.Target == target && (s.Name == Garbler || s.Name == $"any:{Garbler.Split('/')[0]}")) ? Hasty : null;

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");

    /// <summary>The same in every run: <see cref="string.GetHashCode()"/> is not.</summary>
    private int HashCode(string action)
    {
        int hash = ledger.Seed;
        foreach (char c in $"{process.Id}{action}")
        {
            hash = unchecked((hash * 31) + c);
        }

        return hash;
    }
}

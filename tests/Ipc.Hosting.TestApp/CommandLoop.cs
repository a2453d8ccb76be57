using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;

namespace Ipc.Hosting.TestApp;

/// <summary>Reads commands, one a line, and prints what came of each, ended by <c>ok</c> or <c>error</c>.</summary>
internal sealed class CommandLoop(IMessageSender sender, ITopics topics, IWorkshop workshop, IWorkerControl control, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <summary>What the command <c>load</c> has begun.</summary>
    public Load? Load { get; private set; }

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
            case "health":
                return await sender.RequestAsync(new HowAreYou(), TargetOf(command[1]));
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
            case "echo":
                return "echo";
            case "pile":
                // pile <target> <file of one listener> <file of another> <count>: the first message of each keeps its listener busy
                for (int i = 0; i < Number(command[4]); i++)
                {
                    int busy = i == 0 ? 600_000 : 0;
                    await sender.SendAsync(new Press(command[2], $"{i}", busy), TargetOf(command[1]));
                    await sender.SendAsync(new Append(command[3], $"{i}", busy), TargetOf(command[1]));
                }

                return "accepted";
            case "flood":
                return await FloodAsync(TargetOf(command[1]), command[2], Number(command[3]), Number(command[4]));
            case "queue":
                return await QueueAsync(TargetOf(command[1]), command[2], Number(command[3]));
            case "sleep":
                return await sender.RequestAsync(
                    new Sleep(Number(command[2]), command[3]),
                    TargetOf(command[1]),
                    command.Length > 4 ? new RequestOptions { Timeout = TimeSpan.FromMilliseconds(Number(command[4])) } : null);
            case "spin":
                // spin <target> <file> <count>: the first message never ends, and the others wait behind it
                await sender.SendAsync(new Spin("", 0), TargetOf(command[1]));
                for (int i = 0; i < Number(command[3]); i++)
                {
                    await sender.SendAsync(new Spin(command[2], i), TargetOf(command[1]));
                }

                return "sent";
            case "spin-behind-an-await":
                await sender.SendAsync(new Spin("", -1), TargetOf(command[1]));
                return "sent";
            case "block":
                return await sender.RequestAsync(new Block(Number(command[2])), TargetOf(command[1]));
            case "circle":
                return await sender.RequestAsync(new Circle([.. command[2..].Select(Number)]), TargetOf(command[1]));
            case "end":
                await sender.SendAsync(new EndYourself(string.Join(' ', command[2..])), TargetOf(command[1]));
                return "sent";
            case "fragile":
                // fragile <target> <file> <number> <how>
                await sender.SendAsync(new Fragile(command[2], Number(command[3]), command[4]), TargetOf(command[1]));
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
            case "upload":
                // upload <target> <bytes> <marker>
                using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
                {
                    UploadResult result = await sender.RequestWithStreamAsync(
                        new Upload(command[3]), Payload.Make(long.Parse(command[2], CultureInfo.InvariantCulture), hash), TargetOf(command[1]));
                    bool same = result.Hash == Convert.ToHexString(hash.GetHashAndReset());
                    return $"pid={result.ProcessId} bytes={result.Bytes} same={same} most={result.MostBuffered} heap={result.Heap} own-heap={GC.GetGCMemoryInfo().HeapSizeBytes}";
                }

            case "download":
                // download <target> <bytes> <marker> <stop after>
                await using (Stream stream = await sender.OpenStreamAsync(new Download(long.Parse(command[2], CultureInfo.InvariantCulture), command[3]), TargetOf(command[1])))
                {
                    long read = 0;
                    await foreach (ReadOnlyMemory<byte> piece in stream.ReadAllAsync())
                    {
                        read += piece.Length;
                        if (command.Length > 4 && read >= Number(command[4]))
                        {
                            break;
                        }
                    }

                    return $"{read}";
                }

            case "call":
                return $"{await workshop.ProcessIdAsync()}";
            case "call-sleep":
                await workshop.SleepAsync(command[1], CancellationToken.None);
                return "slept";
            case "call-count":
                // call-count <to> <marker> <stop after>
                int seen = 0;
                await foreach (int number in workshop.CountAsync(Number(command[1]), command[2], CancellationToken.None))
                {
                    if (number != seen++)
                    {
                        throw new InvalidDataException($"{number} came as number {seen}");
                    }

                    if (seen == Number(command[3]))
                    {
                        break;
                    }
                }

                return $"{seen}";
            case "call-sum":
                // call-sum <to> <marker>
                return $"{await workshop.SumAsync(command[2], Payload.Numbers(Number(command[1])))}";
            case "pass-on":
                await sender.SendAsync(new PassOn(Number(command[2]), command[3]), TargetOf(command[1]));
                return "sent";
            case "subscribe":
                // subscribe <target> <pattern>
                return $"{await sender.RequestAsync(new SubscribeHere(command[2]), TargetOf(command[1]))}";
            case "publish":
                // publish <target> <topic> <file> <text>
                return $"{await sender.RequestAsync(new PublishHere(command[2], new News(command[3], command[4])), TargetOf(command[1]))}";
            case "job":
                // job <file> <number> <how>
                return $"{await topics.PublishAsync("jobs.now", new Fragile(command[1], Number(command[2]), command[3]))}";
            case "say":
                await sender.SendAsync(new Say(command[2], string.Join(' ', command[3..])), TargetOf(command[1]));
                return "sent";
            case "spawn":
                return await sender.RequestAsync(new Spawn(string.Join(' ', command[2..])), TargetOf(command[1]));
            case "grow":
                await sender.SendAsync(new Grow(Number(command[2])), TargetOf(command[1]));
                return "sent";
            case "load":
                // load <group> <workers> <prefix of their files>
                Load = new Load(sender, command[1], Number(command[2]), command[3]);
                Load.Start();
                return "loading";
            case "unload":
                return await Load!.StopAsync();
            case "reload":
                ReloadResult reloaded = await control.ReloadAsync(command[1]);
                return $"{string.Join(' ', reloaded.Replaced)}|{reloaded.Problem}";
            case "scale":
                await control.ScaleAsync(command[1], Number(command[2]));
                return "scaled";
            case "stop":
                lifetime.StopApplication();
                return "stopping";
            default:
                throw new ArgumentException($"unknown command {command[0]}");
        }
    }

    /// <summary>Sends numbers without awaiting them: how many were accepted, how many failed for which reason, and what the slowest took in milliseconds.</summary>
    private async Task<string> FloodAsync(Target target, string file, int count, int size)
    {
        var watch = Stopwatch.StartNew();
        string padding = new(' ', size);
        var results = await Task.WhenAll(Enumerable.Range(0, count).Select(SendAsync));
        string failed = string.Join(' ', results.Where(r => r.Reason is not null).GroupBy(r => r.Reason).Select(g => $"{g.Key}={g.Count()}"));
        return $"accepted={results.Count(r => r.Reason is null)} slowest={results.Max(r => r.Milliseconds)} {failed}";

        async Task<(IpcError? Reason, long Milliseconds)> SendAsync(int number)
        {
            long begun = watch.ElapsedMilliseconds;
            IpcError? reason = null;
            try
            {
                await sender.SendAsync(new Append(file, $"{number}{padding}", 0), target);
            }
            catch (IpcException e)
            {
                reason = e.Reason;
            }

            return (reason, watch.ElapsedMilliseconds - begun);
        }
    }

    /// <summary>One request that does not end and some that wait behind it: what became of each, and how long after a worker's exit was known the first one failed.</summary>
    private async Task<string> QueueAsync(Target target, string marker, int waiting)
    {
        using Process worker = Process.GetProcessById((await sender.RequestAsync(new WhoAreYou(), target)).ProcessId);
        long exitKnown = 0;
        worker.Exited += (_, _) => exitKnown = Stopwatch.GetTimestamp();
        worker.EnableRaisingEvents = true;
        Task<string> running = sender.RequestAsync(new Sleep(600_000, marker), target).AsTask();
        Task<string>[] queued = [.. Enumerable.Range(0, waiting).Select(_ => sender.RequestAsync(new Sleep(0, "/dev/null"), target).AsTask())];
        Console.WriteLine("queued");
        string first = await ResultAsync(running);
        double after = exitKnown == 0 ? 0 : Stopwatch.GetElapsedTime(exitKnown).TotalMilliseconds; // two threads hear of the exit at the same time
        string[] others = await Task.WhenAll(queued.Select(ResultAsync));
        return string.Create(CultureInfo.InvariantCulture, $"{first} after={after:0.000} {string.Join(' ', others.GroupBy(o => o).Select(g => $"{g.Key}={g.Count()}"))}");

        static async Task<string> ResultAsync(Task<string> request)
        {
            try
            {
                return await request;
            }
            catch (IpcException e)
            {
                return e.Reason.ToString();
            }
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Target TargetOf(string text) => text switch
    {
        "all" => Target.All,
        "any" => Target.Any(),
        "supervisor" => Target.Supervisor,
        _ when text.Contains('/', StringComparison.Ordinal) => Target.Worker(text.Split('/')[0], Number(text.Split('/')[1])),
        _ => Target.Worker(Number(text)),
    };

    private static string Describe(Identity identity) =>
        $"{identity.Group}/{identity.WorkerId}#{identity.Incarnation} pid={identity.ProcessId} parent={identity.ParentId} service={identity.WorkerService} "
        + $"variable={identity.Variable} role={identity.RoleVariable} folder={identity.Folder} arguments={string.Join(',', identity.Arguments)}";
}

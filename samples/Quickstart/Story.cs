using System.Diagnostics;
using System.Globalization;
using Ipc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Quickstart.Messages;

namespace Quickstart;

/// <summary>Tells, from the supervisor, what processes of a cluster can say to each other.</summary>
internal sealed class Story(
    IMessageSender sender,
    Narrator narrator,
    Answers answers,
    StoryOptions options,
    IOptions<IpcOptions> cluster,
    StoryResult result,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>Lets the lines of other processes appear below the chapter that they belong to.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TellAsync(stoppingToken);
            if (options.Once)
            {
                Narrator.Title("The end.");
                lifetime.StopApplication();
                return;
            }

            Narrator.Title("Now one message a second, until Ctrl+C.");
            await KeepSendingAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Narrator.Title("Stopped.");
        }
        catch (Exception e) when (e is IpcException or TimeoutException)
        {
            narrator.Say($"this is not how the story goes: {e.GetType().Name}: {e.Message}");
            result.Failed = true;
            lifetime.StopApplication();
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        Narrator.Title("1. A message to all workers.");
        await sender.SendAsync(new Test("hello, everybody"), cancellationToken: cancellationToken);
        await Task.Delay(Pause, cancellationToken);

        Narrator.Title("2. A message to worker 1.");
        await sender.SendAsync(new Test("hello, worker 1"), Target.Worker(1), cancellationToken: cancellationToken);
        await Task.Delay(Pause, cancellationToken);

        Narrator.Title("3. A request, answered by any worker.");
        narrator.Say($"the answer is: {await AskForDateAsync(Target.Any(), cancellationToken)}");

        Narrator.Title("4. A request that takes too long.");
        await TimeOutAsync(cancellationToken);
        await Task.Delay(Pause, cancellationToken);

        Narrator.Title("5. An answer by hand, to exactly the process that asked.");
        await sender.SendAsync(new Question("why?"), Target.Worker(0), cancellationToken: cancellationToken);
        narrator.Say(await answers.NextAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken));

        Narrator.Title("6. A worker crashes in the middle of a request.");
        if (cluster.Value.Mode == IpcMode.InProcess)
        {
            narrator.Say("left out: with Ipc:Mode = InProcess there is one process, and it would be the end of the story");
            return;
        }

        await CrashAsync(cancellationToken);
    }

    private ValueTask<string> AskForDateAsync(Target target, CancellationToken cancellationToken) =>
        sender.RequestAsync(new FormatDate(DateTimeOffset.Now, "dddd, d MMMM yyyy, HH:mm"), target, cancellationToken: cancellationToken);

    private async Task TimeOutAsync(CancellationToken cancellationToken)
    {
        try
        {
            await sender.RequestAsync(
                new TakeYourTime(), Target.Worker(0), new RequestOptions { Timeout = TimeSpan.FromMilliseconds(300) }, cancellationToken);
            throw new TimeoutException("The slow request was answered.");
        }
        catch (IpcException e) when (e.Reason == IpcError.Timeout)
        {
            narrator.Say($"{e.Reason}: {e.Message}");
        }
    }

    private async Task CrashAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await sender.RequestAsync(new Crash(), Target.Worker(1), cancellationToken: cancellationToken);
            throw new TimeoutException("The crashing request was answered.");
        }
        catch (IpcException e) when (e.Reason == IpcError.PeerGone)
        {
            narrator.Say(string.Create(CultureInfo.InvariantCulture, $"{e.Reason} after {clock.Elapsed.TotalMilliseconds:0} ms, not after a timeout: {e.Message}"));
        }

        // The worker id stays; its next process answers.
        string date = await AskForDateAsync(Target.Worker(1), cancellationToken);
        narrator.Say(string.Create(CultureInfo.InvariantCulture, $"worker 1 is back after {clock.Elapsed.TotalSeconds:0.0} s: {date}"));
        await sender.SendAsync(new Test("welcome back"), Target.Worker(1), cancellationToken: cancellationToken);
        await Task.Delay(Pause, cancellationToken);
    }

    private async Task KeepSendingAsync(CancellationToken cancellationToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (int number = 1; await second.WaitForNextTickAsync(cancellationToken); number++)
        {
            await sender.SendAsync(new Test($"message {number}"), Target.Worker(number % 2), cancellationToken: cancellationToken);
        }
    }
}

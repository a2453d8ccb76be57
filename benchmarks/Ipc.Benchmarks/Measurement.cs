using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ipc.Benchmarks;

/// <summary>Runs one row once, with the other side in another process.</summary>
internal static class Measurement
{
    public static readonly string[] Rows = ["api-shm", "api-shm-scoped", "api-pipe", "raw-pipe", "raw-uds", "one-way-shm", "one-way-pipe"];

    private const int WarmUp = 20_000;
    private const int Samples = 50_000;
    private const int OneWayMessages = 500_000;

    public static Task<Result> RunAsync(string row, string[] arguments) =>
        row.StartsWith("raw-", StringComparison.Ordinal) ? RawEcho.MeasureAsync(row) : MeasureApiAsync(row, arguments);

    /// <summary>Times one call after the other.</summary>
    public static async Task<Result> RoundTripsAsync(string row, Func<ValueTask> call)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            await call();
        }

        var times = new long[Samples];
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < Samples; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await call();
            times[i] = Stopwatch.GetTimestamp() - start;
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Array.Sort(times);
        return new Result(row, Microseconds(times[Samples / 2]), Microseconds(times[Samples / 100 * 99]), Samples / seconds, 0);
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private static async Task<Result> MeasureApiAsync(string row, string[] arguments)
    {
        // A worker is started with the supervisor's own arguments, so it comes here too.
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(arguments);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<Counter>().AddScoped<ScopedService>();
        builder.AddIpcWorkers(o =>
        {
            o.Workers.Count = 1;
            o.SharedMemoryLimit = row.EndsWith("pipe", StringComparison.Ordinal) ? 0 : o.SharedMemoryLimit;
        });
        using IHost host = builder.Build();
        if (host.IsIpcWorker())
        {
            await host.RunAsync();
            Environment.Exit(0);
        }

        await host.StartAsync();
        IMessageSender sender = host.Services.GetRequiredService<IMessageSender>();
        Target worker = Target.Worker(0);
        Echo echo = Echo.Sample;
        var scoped = new ScopedEcho(echo.Id, echo.Amount, echo.Number, echo.Data);
        Result result = row switch
        {
            "api-shm" or "api-pipe" => await RoundTripsAsync(row, async () => await sender.RequestAsync<Echo, Echo>(echo, worker)),
            "api-shm-scoped" => await RoundTripsAsync(row, async () => await sender.RequestAsync<ScopedEcho, Echo>(scoped, worker)),
            _ => await OneWayAsync(row, sender, worker),
        };
        await host.StopAsync();
        return result;
    }

    private static async Task<Result> OneWayAsync(string row, IMessageSender sender, Target worker)
    {
        long begin = Stopwatch.GetTimestamp();
        for (long i = 0; i < OneWayMessages; i++)
        {
            await sender.SendAsync(new Count(i, Guid.Empty, 1m), worker);
        }

        // A request to another listener may overtake; what counts is when the last one has been handled.
        var counted = new Tally(0, 0);
        while (counted.Handled < OneWayMessages && Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(60))
        {
            counted = await sender.RequestAsync(new Counted(), worker);
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return new Result(row, 0, 0, OneWayMessages / seconds, OneWayMessages - counted.Handled + counted.OutOfOrder);
    }
}

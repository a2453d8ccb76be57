using Ipc.Generators.CodeFixes;
using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.CodeFixes;

/// <summary>When AddHostedService may move into OnSupervisor, and what moves with it.</summary>
public sealed class MoveHostedServiceTests
{
    private const string Job = "\npublic sealed class Job(int number = 0) : Microsoft.Extensions.Hosting.BackgroundService { public int Number => number; protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask; }";

    [Fact]
    public async Task A_hosted_service_moves_into_OnSupervisor_among_top_level_statements() => Assert.Equal(
        """
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddIpcWorkers(o => o.Workers.Count = 2).OnSupervisor(services => services.AddHostedService<Job>());
        await builder.Build().RunAsync();
        """.ReplaceLineEndings("\n") + Job,
        await CodeFixRun.ApplyAsync(
            """
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;

            var builder = Host.CreateApplicationBuilder(args);
            builder.Services.AddHostedService<Job>();
            builder.AddIpcWorkers(o => o.Workers.Count = 2);
            await builder.Build().RunAsync();
            """.ReplaceLineEndings("\n") + Job, "IPC0015", new MoveHostedServiceCodeFix(), OutputKind.ConsoleApplication));

    [Fact]
    public async Task A_hosted_service_moves_into_OnSupervisor_inside_a_method() => Assert.Equal(
        """
        using Microsoft.Extensions.DependencyInjection;

        public static class Program
        {
            public static void Main() => Add(new ServiceCollection());

            private static void Add(IServiceCollection services)
            {
                services.AddIpcWorkers().OnSupervisor(supervised => supervised.AddHostedService(provider => new Job()));
            }
        }
        """.ReplaceLineEndings("\n") + Job,
        await CodeFixRun.ApplyAsync(
            """
            using Microsoft.Extensions.DependencyInjection;

            public static class Program
            {
                public static void Main() => Add(new ServiceCollection());

                private static void Add(IServiceCollection services)
                {
                    services.AddIpcWorkers();
                    services.AddHostedService(provider => new Job());
                }
            }
            """.ReplaceLineEndings("\n") + Job, "IPC0015", new MoveHostedServiceCodeFix(), OutputKind.ConsoleApplication));

    [Fact]
    public async Task Comments_move_with_the_call() => Assert.Equal(
        """
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;

        var builder = Host.CreateApplicationBuilder(args);

        // The workers.
        // The job.
        /* Once a day. */
        // Really.
        builder.AddIpcWorkers().OnSupervisor(services => services.AddHostedService<Job>());
        await builder.Build().RunAsync();
        """.ReplaceLineEndings("\n") + Job,
        await Fix(
            """
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;

            var builder = Host.CreateApplicationBuilder(args);

            // The workers.
            builder.AddIpcWorkers();

            // The job.
            /* Once a day. */
            builder.Services.AddHostedService<Job>(); // Really.
            await builder.Build().RunAsync();
            """));

    [Fact]
    public async Task A_parameter_does_not_hide_a_local() => Assert.Contains(
        "builder.AddIpcWorkers().OnSupervisor(supervised => supervised.AddHostedService<Job>());",
        await Fix(
            """
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;

            var builder = Host.CreateApplicationBuilder(args);
            var services = builder.Services;
            services.AddLogging();
            builder.AddIpcWorkers();
            builder.Services.AddHostedService<Job>();
            """), StringComparison.Ordinal);

    [Theory]
    [InlineData("builder.AddIpcWorkers(); var x = 1; builder.Services.AddHostedService(p => new Job(x));")]
    [InlineData("builder.AddIpcWorkers(); var x = 1; if (x == 1) builder.Services.AddHostedService<Job>();")]
    [InlineData("builder.AddIpcWorkers(); ServiceCollectionHostedServiceExtensions.AddHostedService<Job>(builder.Services);")]
    [InlineData("builder.AddIpcWorkers(); builder.Services.AddSingleton(\"one\").AddHostedService<Job>();")]
    [InlineData("if (args.Length > 0) { builder.AddIpcWorkers(); } builder.Services.AddHostedService<Job>();")]
    [InlineData("Wire(); builder.Services.AddHostedService<Job>(); void Wire() { builder.AddIpcWorkers(); }")]
    [InlineData("int x; builder.AddIpcWorkers(); x = 1; builder.Services.AddHostedService(p => new Job(x));")]
    [InlineData("Other.AddIpcWorkers(); builder.Services.AddHostedService<Job>(); static class Other { public static void AddIpcWorkers() { } }")]
    [InlineData("builder.Services.AddHostedService<Job>(); static class Other { public static void Add(IServiceCollection services) { services.AddIpcWorkers(); } }")]
    public async Task A_call_that_cannot_move_is_left_to_a_person(string statements) => Assert.Null(await Fix(
        $"""
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;
        var builder = Host.CreateApplicationBuilder(args);
        {statements}
        """));

    [Fact]
    public async Task A_local_that_is_known_before_the_wiring_call_may_be_read() => Assert.Contains(
        "builder.AddIpcWorkers().OnSupervisor(services => services.AddHostedService(p => new Job(x)));",
        await Fix(
            """
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;
            var builder = Host.CreateApplicationBuilder(args);
            var x = 1;
            builder.AddIpcWorkers();
            builder.Services.AddHostedService(p => new Job(x));
            """), StringComparison.Ordinal);

    [Fact]
    public async Task A_hosted_service_far_from_the_call_is_left_to_a_person() => Assert.Null(await CodeFixRun.ApplyAsync(
        """
        using Microsoft.Extensions.DependencyInjection;
        var services = new ServiceCollection();
        services.AddIpcWorkers();
        public static class Module { public static void Add(IServiceCollection services) { services.AddHostedService<Job>(); } }
        """ + Job, "IPC0015", new MoveHostedServiceCodeFix(), OutputKind.ConsoleApplication));

    private static Task<string?> Fix(string source) =>
        CodeFixRun.ApplyAsync(source.ReplaceLineEndings("\n") + Job, "IPC0015", new MoveHostedServiceCodeFix(), OutputKind.ConsoleApplication);
}

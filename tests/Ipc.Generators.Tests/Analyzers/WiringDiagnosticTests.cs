using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.Analyzers;

/// <summary>Where and whether AddIpcWorkers is called.</summary>
public sealed class WiringDiagnosticTests
{
    private const string Listener = """
        [Listener("PIPE_MESSAGE.a")] public sealed class L : IListener<string> { public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }
        [Listener("PIPE_MESSAGE.a")] public sealed class M : IListener<string> { public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }
        public sealed class Job : Microsoft.Extensions.Hosting.BackgroundService { protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask; }
        """;

    [Fact]
    public async Task IPC0009_a_program_with_listeners_that_never_calls_AddIpcWorkers() => Assert.Equal(
        ["IPC0009: L: 'L' is a listener of a program that never calls AddIpcWorkers or AddIpcClient, so it never gets a message"],
        await Program("Console.WriteLine();"));

    [Theory]
    [InlineData("new ServiceCollection().AddIpcWorkers();")]
    [InlineData("new ServiceCollection().AddIpcWorkersInProcess();")]
    [InlineData("new ServiceCollection().AddIpcWorkers(GeneratedIpcListeners.Instance);")]
    [InlineData("Host.CreateApplicationBuilder(args).AddIpcWorkers();")]
    [InlineData("Host.CreateDefaultBuilder().ConfigureServices(s => s.AddIpcWorkers());")]
    public async Task A_program_that_calls_it_has_no_diagnostics(string statement) => Assert.Empty(await Program(statement));

    [Fact]
    public async Task A_library_and_a_test_project_may_have_listeners_without_the_call()
    {
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync(Listener));
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync(TestCompilation.Create("Console.WriteLine();" + Listener, OutputKind.ConsoleApplication), isTestProject: true));
    }

    [Fact]
    public async Task IPC0010_a_call_inside_a_library()
    {
        Assert.Equal(
            ["IPC0010: services.AddIpcWorkers(): This call wires the listeners of 'Shop' only, not those of the program that uses it; call AddIpcWorkers in the program"],
            await Library("services.AddIpcWorkers();"));
        Assert.Empty(await Library("services.AddIpcWorkers(GeneratedIpcListeners.Instance);"));
    }

    [Fact]
    public async Task IPC0015_a_hosted_service_in_every_process() => Assert.Equal(
        ["IPC0015: builder.Services.AddHostedService<Job>(): This hosted service runs in the supervisor and in every worker; register it in OnSupervisor(...) or OnWorkers(...) to choose"],
        await Program("var builder = Host.CreateApplicationBuilder(args); builder.AddIpcWorkers(); builder.Services.AddHostedService<Job>();"));

    [Theory]
    [InlineData("builder.AddIpcWorkers().OnSupervisor(s => s.AddHostedService<Job>());")]
    [InlineData("builder.AddIpcWorkers().OnWorkers(\"web\", s => { s.AddHostedService<Job>(); });")]
    public async Task A_hosted_service_with_a_role_is_not_marked(string statement) => Assert.Empty(await Program($"var builder = Host.CreateApplicationBuilder(args); {statement}"));

    [Fact]
    public async Task A_hosted_service_of_a_program_without_workers_is_not_marked() => Assert.Empty(await AnalyzerRun.DiagnosticsAsync("""
        using Microsoft.Extensions.DependencyInjection;
        new ServiceCollection().AddHostedService<Job>();
        public sealed class Job : Microsoft.Extensions.Hosting.BackgroundService { protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask; }
        """, OutputKind.ConsoleApplication));

    [Fact]
    public async Task IPC0019_a_method_group()
    {
        Assert.Equal(
            ["IPC0019: services.AddIpcWorkers: The generator can hand over the listeners only in a direct call; use the explicit form AddIpcWorkers(GeneratedIpcListeners.Instance)"],
            await Program("var services = new ServiceCollection(); Func<Action<IpcOptions>?, IpcWorkersBuilder> call = services.AddIpcWorkers; call(null);"));
        Assert.Empty(await Program("var services = new ServiceCollection(); Func<Ipc.Dispatch.ListenerTable, Action<IpcOptions>?, IpcWorkersBuilder> call = services.AddIpcWorkers; call(GeneratedIpcListeners.Instance, null);"));
    }

    private static Task<string[]> Program(string statements) => AnalyzerRun.DiagnosticsAsync($$"""
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;
        {{statements}}
        {{Listener}}
        """, OutputKind.ConsoleApplication);

    private static Task<string[]> Library(string statement) => AnalyzerRun.DiagnosticsAsync($$"""
        using Microsoft.Extensions.DependencyInjection;
        public static class Module { public static void Add(IServiceCollection services) { {{statement}} } }
        """);
}

using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.Wiring;

public sealed class WiringSnapshotTests
{
    private const string Calls = """
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;

        var services = new ServiceCollection();
        services.AddIpcWorkers();
        services.AddIpcWorkers(o => o.Workers.Count = 2);
        services.AddIpcWorkersInProcess();
        services.AddIpcWorkers(GeneratedIpcListeners.Instance);
        Host.CreateApplicationBuilder(args).AddIpcWorkers();
        """;

    [Fact]
    public void Interceptors_of_a_program()
    {
        GeneratorRun run = GeneratorRun.Of(Calls, OutputKind.ConsoleApplication);
        Snapshot.Match(run.Source("Ipc.Wiring.g.cs"), "Ipc.Wiring.g");
        TestCompilation.Emit(run.Output);
    }

    [Fact]
    public void Interceptors_of_a_client()
    {
        GeneratorRun run = GeneratorRun.Of(
            """
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;

            var services = new ServiceCollection();
            services.AddIpcClient(o => o.Endpoint = "shop").AddIpcClient();
            services.AddIpcClient(GeneratedIpcListeners.Instance);
            services.AddIpcEndpoint(o => o.Endpoint = "chat");
            Host.CreateApplicationBuilder(args).AddIpcClient();
            Host.CreateApplicationBuilder(args).AddIpcEndpoint();
            """,
            OutputKind.ConsoleApplication);
        Snapshot.Match(run.Source("Ipc.Wiring.g.cs"), "Ipc.Wiring.g");
        TestCompilation.Emit(run.Output);
    }

    [Fact]
    public void Interceptors_of_a_web_program()
    {
        const string Server = """

            namespace Microsoft.AspNetCore.Hosting.Server
            {
                public interface IServer;
            }
            """;
        GeneratorRun run = GeneratorRun.Of("using Microsoft.Extensions.DependencyInjection;\nnew ServiceCollection().AddIpcWorkers();" + Server, OutputKind.ConsoleApplication);
        Snapshot.Match(run.Source("Ipc.Wiring.g.cs"), "Ipc.Wiring.g");
    }

    [Fact]
    public void A_program_without_a_call_gets_no_interceptors() => Assert.DoesNotContain(
        GeneratorRun.Of("System.Console.WriteLine();", OutputKind.ConsoleApplication).Result.GeneratedTrees, t => Path.GetFileName(t.FilePath) == "Ipc.Wiring.g.cs");
}

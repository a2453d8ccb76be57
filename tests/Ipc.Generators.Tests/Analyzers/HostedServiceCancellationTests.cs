using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ipc.Generators.Tests.Analyzers;

/// <summary>An editor gives up one request for diagnostics and makes another of the same compilation.</summary>
public sealed class HostedServiceCancellationTests
{
    [Fact]
    public async Task A_request_that_was_given_up_does_not_spoil_the_next()
    {
        CSharpCompilation compilation = TestCompilation.Create(
            """
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;
            var builder = Host.CreateApplicationBuilder(args); builder.AddIpcWorkers(); builder.Services.AddHostedService<Job>();
            public sealed class Job : BackgroundService { protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask; }
            """,
            OutputKind.ConsoleApplication);
        SyntaxTree usings = compilation.SyntaxTrees[0], source = compilation.SyntaxTrees[1];
        var options = new AnalyzerOptions([], new TestOptions([]));
        CompilationWithAnalyzers analysis = compilation.WithAnalyzers(
            AnalyzerRun.Analyzers, new CompilationWithAnalyzersOptions(options, onAnalyzerException: (e, _, _) => throw e, concurrentAnalysis: false, logAnalyzerExecutionTime: false));
        using var editor = new CancellationTokenSource();
        await analysis.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(usings), null, editor.Token);

        await editor.CancelAsync();

        Assert.Contains(await analysis.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(source), null, CancellationToken.None), d => d.Id == "IPC0015");
    }
}

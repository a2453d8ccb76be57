using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ipc.Generators.Tests.Harness;

/// <summary>Runs every analyzer of the product over a compilation with its emitted code, as a build does.</summary>
internal static class AnalyzerRun
{
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
        [.. Product.InstancesOf<DiagnosticAnalyzer>(typeof(Ipc.Generators.Listeners.ListenerGenerator).Assembly)];

    /// <summary>The product's diagnostics, as <c>id: marked text: message</c>, in the order of their places.</summary>
    public static async Task<string[]> DiagnosticsAsync(Compilation compilation, bool isTestProject = false)
    {
        GeneratorRun run = GeneratorRun.Of(compilation, isTestProject);
        var options = new AnalyzerOptions([], new TestOptions(new() { ["build_property.IsTestProject"] = isTestProject ? "true" : "" }));
        ImmutableArray<Diagnostic> found = await run.Output
            .WithAnalyzers(Analyzers, new CompilationWithAnalyzersOptions(options, onAnalyzerException: (e, _, _) => throw e, concurrentAnalysis: true, logAnalyzerExecutionTime: false))
            .GetAnalyzerDiagnosticsAsync();
        return [.. found.OrderBy(d => d.Location.SourceSpan.Start).ThenBy(d => d.Id, StringComparer.Ordinal).Select(Text)];
    }

    public static Task<string[]> DiagnosticsAsync(string source, OutputKind kind = OutputKind.DynamicallyLinkedLibrary) =>
        DiagnosticsAsync(TestCompilation.Create(source, kind));

    private static string Text(Diagnostic diagnostic)
    {
        string marked = diagnostic.Location.SourceTree?.GetText().ToString(diagnostic.Location.SourceSpan) ?? "";
        return $"{diagnostic.Id}: {marked}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}

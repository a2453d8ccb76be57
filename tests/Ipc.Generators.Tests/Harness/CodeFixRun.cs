using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Ipc.Generators.Tests.Harness;

/// <summary>Applies the first fix of the first diagnostic with an id, as an editor does.</summary>
internal static class CodeFixRun
{
    /// <summary>The text of the source file after the fix; <see langword="null"/> when none is offered.</summary>
    public static async Task<string?> ApplyAsync(string source, string id, CodeFixProvider provider, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        using var workspace = new AdhocWorkspace();
        CSharpCompilation plain = TestCompilation.Create(source, kind);
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Shop", "Shop", LanguageNames.CSharp,
            compilationOptions: plain.Options, parseOptions: TestCompilation.ParseOptions, metadataReferences: TestCompilation.References));
        project = project.AddDocument("Usings.cs", TestCompilation.Usings).Project;
        Document document = project.AddDocument("Source.cs", SourceText.From(source));

        // What the generators emit is part of the program; here as ordinary files.
        project = document.Project;
        foreach (SyntaxTree tree in GeneratorRun.Of(plain).Result.GeneratedTrees)
        {
            project = project.AddDocument(Path.GetFileName(tree.FilePath), tree.GetText(), filePath: "/generated/" + Path.GetFileName(tree.FilePath)).Project;
        }

        document = project.GetDocument(document.Id)!;
        Compilation compilation = (await project.GetCompilationAsync())!;
        ImmutableArray<Diagnostic> diagnostics = await compilation
            .WithAnalyzers(AnalyzerRun.Analyzers, new AnalyzerOptions([], new TestOptions([])))
            .GetAnalyzerDiagnosticsAsync();
        Diagnostic diagnostic = diagnostics.First(d => d.Id == id);
        Assert.Contains(id, provider.FixableDiagnosticIds);

        var actions = new List<CodeAction>();
        await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        if (actions.Count == 0)
        {
            return null;
        }

        ImmutableArray<CodeActionOperation> operations = await actions[0].GetOperationsAsync(CancellationToken.None);
        Solution changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        return (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString().ReplaceLineEndings("\n");
    }
}

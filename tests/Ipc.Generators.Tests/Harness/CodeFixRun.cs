using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Ipc.Generators.Tests.Harness;

/// <summary>Applies fixes as an editor does. Except for broken code, what comes out has to compile.</summary>
internal static class CodeFixRun
{
    /// <summary>Every fix of the product.</summary>
    public static ImmutableArray<CodeFixProvider> Providers { get; } =
        [.. Product.InstancesOf<CodeFixProvider>(typeof(Ipc.Generators.CodeFixes.MakePartialCodeFix).Assembly)];

    /// <summary>The text of the source file after the first fix of the first diagnostic with an id; <see langword="null"/> when none is offered.</summary>
    public static async Task<string?> ApplyAsync(string source, string id, CodeFixProvider provider, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source, kind);
        Diagnostic diagnostic = (await DiagnosticsAsync(document)).First(d => d.Id == id);
        Assert.Contains(id, provider.FixableDiagnosticIds);
        CodeAction? action = (await ActionsAsync(document, provider, diagnostic)).FirstOrDefault();
        return action is null ? null : Compiled(await TextAfterAsync(document, action), kind);
    }

    /// <summary>The text of the source file after all diagnostics with an id were fixed at once.</summary>
    public static async Task<string> ApplyAllAsync(string source, string id, CodeFixProvider provider, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source, kind);
        ImmutableArray<Diagnostic> diagnostics = [.. (await DiagnosticsAsync(document)).Where(d => d.Id == id)];
        CodeAction first = (await ActionsAsync(document, provider, diagnostics[0]))[0];
        var context = new FixAllContext(document, provider, FixAllScope.Document, first.EquivalenceKey!, [id], new Known(diagnostics), CancellationToken.None);
        CodeAction? all = await provider.GetFixAllProvider()!.GetFixAsync(context);
        Assert.NotNull(all);
        return Compiled(await TextAfterAsync(document, all), kind);
    }

    /// <summary>Applies every fix that is offered for broken code, each on its own: none may throw.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> ApplyEachAsync(string source, OutputKind kind)
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source, kind);
        int count = 0;
        foreach (Diagnostic diagnostic in await DiagnosticsAsync(document))
        {
            foreach (CodeFixProvider provider in Providers.Where(p => p.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                foreach (CodeAction action in await ActionsAsync(document, provider, diagnostic))
                {
                    await TextAfterAsync(document, action);
                    count++;
                }
            }
        }

        return count;
    }

    private static Document Open(AdhocWorkspace workspace, string source, OutputKind kind)
    {
        CSharpCompilation plain = TestCompilation.Create(source, kind);
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Shop", "Shop", LanguageNames.CSharp,
            compilationOptions: plain.Options, parseOptions: TestCompilation.ParseOptions, metadataReferences: TestCompilation.References));
        project = project.AddDocument("Usings.cs", TestCompilation.Usings).Project;
        Document document = project.AddDocument("Source.cs", SourceText.From(source));

        // What the generators emit is part of the program; here as ordinary files.
        project = document.Project;
        GeneratorDriverRunResult generated = GeneratorRun.Of(plain).Result;
        Assert.Empty(generated.Results.Select(r => r.Exception).OfType<Exception>());
        foreach (SyntaxTree tree in generated.GeneratedTrees)
        {
            project = project.AddDocument(Path.GetFileName(tree.FilePath), tree.GetText(), filePath: "/generated/" + Path.GetFileName(tree.FilePath)).Project;
        }

        return project.GetDocument(document.Id)!;
    }

    private static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(Document document)
    {
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        SyntaxTree tree = (await document.GetSyntaxTreeAsync())!;
        ImmutableArray<Diagnostic> diagnostics = await compilation
            .WithAnalyzers(AnalyzerRun.Analyzers, new AnalyzerOptions([], new TestOptions([])))
            .GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(diagnostics, d => d.Id == "AD0001");
        return [.. diagnostics.Where(d => d.Location.SourceTree == tree).OrderBy(d => d.Location.SourceSpan.Start)];
    }

    private static async Task<List<CodeAction>> ActionsAsync(Document document, CodeFixProvider provider, Diagnostic diagnostic)
    {
        var actions = new List<CodeAction>();
        await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        return actions;
    }

    private static async Task<string> TextAfterAsync(Document document, CodeAction action)
    {
        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(CancellationToken.None);
        Solution changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        return (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString().ReplaceLineEndings("\n");
    }

    private static string Compiled(string source, OutputKind kind)
    {
        TestCompilation.Emit(GeneratorRun.Of(source, kind).Output);
        return source;
    }

    private sealed class Known(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}

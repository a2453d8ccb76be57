using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Ipc.Generators.Tests.Harness;

/// <summary>Makes compilations of test sources against the framework and the product.</summary>
internal static class TestCompilation
{
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Ipc;

        """;

    private static readonly string[] NotForTests = ["xunit", "Microsoft.CodeAnalysis", "Microsoft.TestPlatform", "Microsoft.VisualStudio", "Ipc.Generators", "testhost"];

    /// <summary>What the test process itself was started with, without the tools of testing.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !NotForTests.Any(n => Path.GetFileName(path).StartsWith(n, StringComparison.OrdinalIgnoreCase)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpParseOptions ParseOptions { get; } = new CSharpParseOptions(LanguageVersion.Latest)
        .WithFeatures([new("InterceptorsNamespaces", "Ipc.Generated")]);

    public static CSharpCompilation Create(
        string source, OutputKind kind = OutputKind.DynamicallyLinkedLibrary, string assemblyName = "Shop", params MetadataReference[] references) =>
        CSharpCompilation.Create(
            assemblyName,
            [Tree(Usings, "Usings.cs"), Tree(source, "Source.cs")],
            [.. References, .. references],
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree Tree(string source, string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(source, System.Text.Encoding.UTF8), ParseOptions, path);

    /// <summary>Compiles to bytes; errors fail the test with their text.</summary>
    public static byte[] Emit(Compilation compilation)
    {
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        string[] errors = [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString())];
        Assert.True(errors.Length == 0, string.Join(Environment.NewLine, errors));
        return stream.ToArray();
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ipc.Generators.Tests.Harness;

/// <summary>Runs every generator of the product over a compilation, as a build does.</summary>
internal sealed class GeneratorRun
{
    private GeneratorDriver _driver;

    private GeneratorRun(GeneratorDriver driver, Compilation input)
    {
        _driver = driver.RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _);
        Output = output;
    }

    /// <summary>The compilation with what was emitted.</summary>
    public Compilation Output { get; private set; }

    public GeneratorDriverRunResult Result => _driver.GetRunResult();

    public static GeneratorRun Of(Compilation compilation, bool isTestProject = false) => new(CreateDriver(isTestProject), compilation);

    public static GeneratorRun Of(string source, OutputKind kind = OutputKind.DynamicallyLinkedLibrary) => Of(TestCompilation.Create(source, kind));

    public GeneratorRun Again(Compilation compilation)
    {
        _driver = _driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        Output = output;
        return this;
    }

    public string Source(string hintName)
    {
        SyntaxTree? tree = Result.GeneratedTrees.SingleOrDefault(t => Path.GetFileName(t.FilePath) == hintName);
        Assert.True(tree is not null, $"No emitted file '{hintName}'; there are: {string.Join(", ", Result.GeneratedTrees.Select(t => Path.GetFileName(t.FilePath)))}");
        return tree.ToString();
    }

    /// <summary>What happened in a named step.</summary>
    public IncrementalStepRunReason[] Reasons(string step) =>
    [
        .. Result.Results.Where(r => r.TrackedSteps.ContainsKey(step)).SelectMany(r => r.TrackedSteps[step]).SelectMany(s => s.Outputs).Select(o => o.Reason),
    ];

    private static CSharpGeneratorDriver CreateDriver(bool isTestProject) => CSharpGeneratorDriver.Create(
        Product.InstancesOf<IIncrementalGenerator>(typeof(Ipc.Generators.Listeners.ListenerGenerator).Assembly).Select(g => g.AsSourceGenerator()),
        parseOptions: TestCompilation.ParseOptions,
        optionsProvider: new TestOptions(new() { ["build_property.IsTestProject"] = isTestProject ? "true" : "" }),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}

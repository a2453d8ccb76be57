using System.Diagnostics;
using Ipc.Generators.Benchmarks;
using Ipc.Generators.Listeners;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

// How long the generators take over a large program: from nothing, and after one edit. Medians of several runs after a warm-up.
const int Types = 1_000;
const int Runs = 7;

var options = new CSharpParseOptions(LanguageVersion.Latest);
MetadataReference[] references =
[
    .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) && !Path.GetFileName(path).StartsWith("Ipc.Generators", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path)),
];

Console.WriteLine($"{Types:N0} types of each kind, one file each; {Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, Roslyn {typeof(Compilation).Assembly.GetName().Version}");
Console.WriteLine();
Console.WriteLine("| program | from nothing | edit one method's body | edit one type's contract | emitted |");
Console.WriteLine("|---|---|---|---|---|");
Measure($"{Types:N0} listeners", [.. Sources.Listeners(Types)], "Listener7.cs",
    run => Sources.Listener(7, 7).Replace("address.Port", $"address.Port + {run}", StringComparison.Ordinal), run => Sources.Listener(7, Types + run));
Measure($"{Types:N0} messages", [.. Sources.Messages(Types)], "Message7.cs",
    run => Sources.Message(7) + $"// edit {run}", run => Sources.Message(7).Replace("int Count", $"int Count{run}", StringComparison.Ordinal));
Measure($"{Types:N0} of both", [.. Sources.Listeners(Types), .. Sources.Messages(Types)], "Listener7.cs",
    run => Sources.Listener(7, 7).Replace("address.Port", $"address.Port + {run}", StringComparison.Ordinal), run => Sources.Listener(7, Types + run));

void Measure(string name, (string Name, string Text)[] sources, string edited, Func<int, string> editBody, Func<int, string> editContract)
{
    CSharpCompilation compilation = CSharpCompilation.Create(
        "Shop", sources.Select(s => CSharpSyntaxTree.ParseText(s.Text, options, s.Name)), references, new(OutputKind.DynamicallyLinkedLibrary));
    GeneratorDriver driver = CreateDriver().RunGenerators(compilation);
    long emitted = driver.GetRunResult().GeneratedTrees.Sum(t => (long)t.Length);

    double cold = Median(Runs, _ => Time(() => CreateDriver().RunGenerators(Fresh(compilation))));
    double body = Median(Runs, run => TimeEdit(editBody(run + 1)));
    double contract = Median(Runs, run => TimeEdit(editContract(run + 1)));
    Console.WriteLine($"| {name} | {cold:N0} ms | {body:N1} ms | {contract:N1} ms | {emitted / 1024:N0} KiB |");

    double TimeEdit(string text)
    {
        CSharpCompilation changed = compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees.Single(t => t.FilePath == edited), CSharpSyntaxTree.ParseText(text, options, edited));
        return Time(() => driver = driver.RunGenerators(changed));
    }
}

// A compilation without anything bound yet, as a build has it.
static CSharpCompilation Fresh(CSharpCompilation compilation) =>
    CSharpCompilation.Create(compilation.AssemblyName, compilation.SyntaxTrees, compilation.References, compilation.Options);

GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
    typeof(ListenerGenerator).Assembly.GetTypes()
        .Where(t => typeof(IIncrementalGenerator).IsAssignableFrom(t) && !t.IsAbstract)
        .OrderBy(t => t.FullName, StringComparer.Ordinal)
        .Select(t => ((IIncrementalGenerator)Activator.CreateInstance(t)!).AsSourceGenerator()),
    parseOptions: options);

static double Time(Action action)
{
    long start = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}

static double Median(int runs, Func<int, double> measure)
{
    double[] values = [.. Enumerable.Range(0, runs).Select(measure).Order()];
    return values[runs / 2];
}

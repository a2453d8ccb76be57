namespace Ipc.Samples.Tests;

/// <summary>The samples as they were built with these tests.</summary>
internal static class SampleProgram
{
    /// <summary>The command line that starts a sample: <c>dotnet</c> and its assembly.</summary>
    public static string[] Command(string sample, params string[] arguments)
    {
        // .../tests/Ipc.Samples.Tests/bin/<configuration>/<framework>/
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        string assembly = Path.Combine(RepositoryRoot.Path, "samples", sample, "bin", output.Parent!.Name, output.Name, sample + ".dll");
        return [assembly, .. arguments];
    }
}

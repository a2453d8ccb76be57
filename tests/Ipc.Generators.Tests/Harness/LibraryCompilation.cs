using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.Harness;

/// <summary>Makes a referenced library of test sources, with its emitted code.</summary>
internal static class LibraryCompilation
{
    public static MetadataReference Of(string assemblyName, string source) =>
        MetadataReference.CreateFromImage(TestCompilation.Emit(GeneratorRun.Of(TestCompilation.Create(source, assemblyName: assemblyName)).Output));
}

using System.Reflection;
using Ipc.Dispatch;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.Harness;

/// <summary>Compiles test sources with their emitted code, loads the result and gives its table.</summary>
internal static class EmittedAssembly
{
    public static ListenerTable TableOf(string source, params MetadataReference[] references)
    {
        Assembly assembly = Assembly.Load(TestCompilation.Emit(GeneratorRun.Of(TestCompilation.Create(source, references: references)).Output));
        var attribute = assembly.GetCustomAttribute<ListenerTableAttribute>();
        Assert.NotNull(attribute);
        return (ListenerTable)attribute.TableType.GetProperty("Instance")!.GetValue(null)!;
    }
}

namespace Ipc.Generators.Listeners.Model;

/// <summary>What the table says about its assembly.</summary>
/// <param name="Name">The assembly's name.</param>
/// <param name="KnowsIpc">Whether the assembly references the contracts at all.</param>
/// <param name="KnowsServices">Whether it references the container's abstractions, so that emitted code can ask for services.</param>
/// <param name="KnowsServer">Whether it references ASP.NET Core's <c>IServer</c>.</param>
/// <param name="IsExecutable">Whether the compilation makes a program.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record AssemblyModel(string Name, bool KnowsIpc, bool KnowsServices, bool KnowsServer, bool IsExecutable);

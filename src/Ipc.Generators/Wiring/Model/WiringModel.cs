using Ipc.Generators.Common;
using Ipc.Generators.Listeners.Model;

namespace Ipc.Generators.Wiring.Model;

/// <summary>Everything that one assembly's interceptors are emitted from.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="IsTestProject">Whether the project says that it is a test project.</param>
/// <param name="Calls">The calls, in the order of their places.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record WiringModel(AssemblyModel Assembly, bool IsTestProject, EquatableArray<WiringCall> Calls);

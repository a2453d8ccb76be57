using Ipc.Generators.Common;

namespace Ipc.Generators.Listeners.Model;

/// <summary>Everything that one assembly's table is emitted from.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="References">The types of the referenced assemblies' tables, in ordinal order.</param>
/// <param name="Listeners">The listeners, in the order of their full names.</param>
/// <param name="Contracts">The expressions of the contracts' rows, in the order of their full names.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record TableModel(
    AssemblyModel Assembly, EquatableArray<string> References, EquatableArray<ListenerModel> Listeners, EquatableArray<string> Contracts);

using Ipc.Generators.Common;

namespace Ipc.Generators.Listeners.Model;

/// <summary>One listener class that can be emitted.</summary>
/// <param name="FullName">Namespace, containing types and name; the order of a table's rows.</param>
/// <param name="Type">The class.</param>
/// <param name="Rows">Its rows, one per event.</param>
/// <param name="Parameters">What the chosen constructor takes.</param>
/// <remarks>Equality: by all values; no symbol, syntax node or location is kept.</remarks>
internal sealed record ListenerModel(
    string FullName, TypeRef Type, EquatableArray<ListenerRow> Rows, EquatableArray<ConstructorParameter> Parameters);

namespace Ipc.Generators.Messages.Model;

/// <summary>One of the types that a union can be.</summary>
/// <param name="Key">The number that stands for it.</param>
/// <param name="Type">The type in emitted code.</param>
/// <param name="Serializer">The expression of its serializer.</param>
/// <param name="Depth">How far it is derived; the farthest is tried first.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record UnionCaseModel(int Key, string Type, string Serializer, int Depth);

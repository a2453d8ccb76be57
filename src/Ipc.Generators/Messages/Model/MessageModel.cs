using Ipc.Generators.Common;

namespace Ipc.Generators.Messages.Model;

/// <summary>Everything that is emitted for one message type.</summary>
/// <param name="FullName">The metadata name, for sorting and hint names.</param>
/// <param name="Type">The type in emitted code.</param>
/// <param name="Namespace">Its namespace; empty for the global one.</param>
/// <param name="Declarations">The partial declarations, outermost first, the type itself last; empty for a type that is not ours to extend.</param>
/// <param name="Action">Its action.</param>
/// <param name="IsStruct">Whether it is a value type.</param>
/// <param name="IsMap">Whether it is a map on the wire.</param>
/// <param name="IsUnion">Whether it is a union.</param>
/// <param name="ArrayLength">The length of the array on the wire, gaps included.</param>
/// <param name="Members">Its members in the order of the wire.</param>
/// <param name="Cases">A union's cases in the order of their keys.</param>
/// <param name="Guarded">Whether user code runs while it is constructed.</param>
/// <param name="Serializer">The expression of its serializer.</param>
/// <param name="IsReachable">Whether the assembly's table can name it.</param>
/// <param name="IsPublic">Whether other assemblies can name it.</param>
/// <param name="Response">What a struct's request is answered with; <see langword="null"/> otherwise.</param>
/// <param name="Refusal">Why its serializer only throws; <see langword="null"/> for one that works.</param>
/// <param name="Foreign">The types with MessagePack-CSharp's attributes that it needs, which have no serializer of their own.</param>
/// <remarks>Equality: by all values, item by item; no symbol, syntax or location is held.</remarks>
internal sealed record MessageModel(
    string FullName,
    string Type,
    string Namespace,
    EquatableArray<string> Declarations,
    string? Action,
    bool IsStruct,
    bool IsMap,
    bool IsUnion,
    int ArrayLength,
    EquatableArray<MemberModel> Members,
    EquatableArray<UnionCaseModel> Cases,
    bool Guarded,
    string Serializer,
    bool IsReachable,
    bool IsPublic,
    string? Response,
    string? Refusal,
    EquatableArray<MessageModel> Foreign)
{
    /// <summary>Whether the serializer stands beside the type, not inside it.</summary>
    public bool IsForeign => Declarations.Count == 0;

    /// <summary>The model of a type that cannot travel: its own code that names it compiles, so that the diagnostic is the only error.</summary>
    /// <param name="refusal">The diagnostic.</param>
    public MessageModel Refuse(string refusal) => this with { Members = default, Cases = default, Refusal = refusal, Foreign = default };
}

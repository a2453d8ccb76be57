namespace Ipc.Generators.Messages.Model;

/// <summary>A member that travels.</summary>
/// <param name="Name">Its name, not escaped.</param>
/// <param name="Index">Its position in the array; in a map, its turn.</param>
/// <param name="Key">Its key in a map.</param>
/// <param name="Value">What it is.</param>
/// <param name="Parameter">The constructor's parameter that takes it; <see langword="null"/> when none does.</param>
/// <param name="Default">The constructor's default as an expression; <see langword="null"/> when there is none.</param>
/// <param name="Assignment">How it is set when no parameter takes it.</param>
/// <param name="HasInitializer">Whether the declaration gives it a value that holds when the message has none.</param>
/// <param name="IsRequired">Whether each object initializer has to name it, even when a parameter takes it.</param>
/// <param name="MayBeNull">Whether its type is a reference that may be null, or that says nothing of it.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record MemberModel(
    string Name,
    int Index,
    string Key,
    ValueModel Value,
    string? Parameter,
    string? Default,
    MemberAssignment Assignment,
    bool HasInitializer,
    bool IsRequired,
    bool MayBeNull)
{
    /// <summary>Whether nil stands for a default of the member's own.</summary>
    public bool NilIsDefault => (Default is not null || HasInitializer) && !MayBeNull && Value.Kind != ValueKind.NullableValue;
}

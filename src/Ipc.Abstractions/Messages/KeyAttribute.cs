namespace Ipc;

/// <summary>Fixes the position of a member in its message's MessagePack array.</summary>
/// <param name="index">Zero-based position; unique within the type.</param>
/// <remarks>Without any <see cref="KeyAttribute"/> the order of the primary constructor's parameters, then of the declared members, is used.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter, Inherited = false)]
public sealed class KeyAttribute(int index) : Attribute
{
    /// <summary>Zero-based position in the array.</summary>
    public int Index { get; } = index;
}

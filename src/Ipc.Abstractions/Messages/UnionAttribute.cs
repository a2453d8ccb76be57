namespace Ipc;

/// <summary>Names one of the types that a union, an abstract class or an interface, can be. On the wire: an array of the key and the value.</summary>
/// <param name="key">The number that stands for <paramref name="subType"/>; unique within the union.</param>
/// <param name="subType">A message type that derives from, or implements, the type that carries the attribute.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class UnionAttribute(int key, Type subType) : Attribute
{
    /// <summary>The number that stands for <see cref="SubType"/>.</summary>
    public int Key { get; } = key;

    /// <summary>The type that <see cref="Key"/> stands for.</summary>
    public Type SubType { get; } = subType;
}

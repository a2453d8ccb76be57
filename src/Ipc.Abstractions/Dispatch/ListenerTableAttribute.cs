using System.ComponentModel;

namespace Ipc.Dispatch;

/// <summary>Says where an assembly's generated table is, so that the generator finds it when the assembly is referenced. Not for use by hand.</summary>
/// <param name="tableType">A public <see cref="ListenerTable"/> with a public static <c>Instance</c>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ListenerTableAttribute(Type tableType) : Attribute
{
    /// <summary>The generated table's type.</summary>
    public Type TableType { get; } = tableType;
}

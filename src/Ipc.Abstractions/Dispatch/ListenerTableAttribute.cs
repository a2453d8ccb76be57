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

    /// <summary>The actions that the assembly's listeners take, so that a program's analyzer knows them without looking at every type.</summary>
    public string[] Actions { get; set; } = [];

    /// <summary>Those of <see cref="Actions"/> that a listener of the assembly answers; of these a program may have one each.</summary>
    public string[] AnsweredActions { get; set; } = [];
}

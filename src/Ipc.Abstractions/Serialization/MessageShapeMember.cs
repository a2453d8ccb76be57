namespace Ipc.Serialization;

/// <summary>One row of a name table: a member's name, where it is on the wire, and what it is.</summary>
public sealed class MessageShapeMember
{
    private readonly Func<MessageShape> _shape;

    /// <summary>Makes a row for a message that is an array on the wire.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="index">Its position in the array.</param>
    /// <param name="shape">Tells what it is; called late, so that messages may contain themselves.</param>
    /// <param name="nilIsDefault">Whether nil stands for the member's default value.</param>
    public MessageShapeMember(string name, int index, Func<MessageShape> shape, bool nilIsDefault = false)
    {
        Name = name;
        Index = index;
        Key = name;
        _shape = shape;
        NilIsDefault = nilIsDefault;
    }

    /// <summary>Makes a row for a message that is a map on the wire.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="key">Its key in the map.</param>
    /// <param name="shape">Tells what it is; called late, so that messages may contain themselves.</param>
    public MessageShapeMember(string name, string key, Func<MessageShape> shape)
    {
        Name = name;
        Index = -1;
        Key = key;
        _shape = shape;
    }

    /// <summary>The member's name.</summary>
    public string Name { get; }

    /// <summary>The position in the array; -1 when the message is a map.</summary>
    public int Index { get; }

    /// <summary>The key in the map; the name when the message is an array.</summary>
    public string Key { get; }

    /// <summary>Whether nil stands for the member's default value, which the type's constructor or initializer gives.</summary>
    public bool NilIsDefault { get; }

    /// <summary>What the member is.</summary>
    public MessageShape Shape => _shape();
}

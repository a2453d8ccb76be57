namespace Ipc;

/// <summary>How many messages of one action.</summary>
/// <param name="Action">The action; its hash in hexadecimal when its name is not known, empty when they are not of one.</param>
/// <param name="Count">How many.</param>
public readonly record struct ActionCount(string Action, long Count)
{
    /// <summary>For example <c>order.placed x3</c>.</summary>
    public override string ToString() => Count == 1 ? Action : FormattableString.Invariant($"{Action} x{Count}");
}

namespace Ipc;

/// <summary>Marks a type as a message: the generator writes its MessagePack serializer and, when it has an action, lets it be sent without naming one.</summary>
/// <param name="action">
/// The message's name, for example <c>order.placed</c>; its event is <c>PIPE_MESSAGE.order.placed</c>.
/// <see langword="null"/> for a type that only travels inside other messages or as an answer.
/// </param>
/// <remarks>The type must be <c>partial</c>. Classes, structs, records, record structs, and (for unions) abstract classes and interfaces are supported.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class MessageAttribute(string? action = null) : Attribute
{
    /// <summary>The message's action, or <see langword="null"/> when the type has none of its own.</summary>
    public string? Action { get; } = action;
}

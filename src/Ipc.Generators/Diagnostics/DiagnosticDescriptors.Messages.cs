using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Diagnostics;

/// <content>The rules about message types. Ids are stable; each has a page under docs/diagnostics.</content>
internal static partial class DiagnosticDescriptors
{
    private const string MessageCategory = "Ipc.Messages";

    public static readonly DiagnosticDescriptor MessageNotPartial = MessageRule(
        "IPC1001", "Message type is not partial",
        "'{0}' has [Message], but it or a type around it is not partial, so that its serializer cannot be added");

    public static readonly DiagnosticDescriptor KeyReused = MessageRule(
        "IPC1002", "Key is used twice",
        "'{0}' and '{1}' of '{2}' both have the key {3}; give each member a key of its own");

    public static readonly DiagnosticDescriptor KeyMissing = MessageRule(
        "IPC1003", "Key is missing",
        "'{0}' of '{1}' has no [Key] while other members have one; add [Key] or [IgnoreMember]");

    public static readonly DiagnosticDescriptor MemberTypeNotSupported = MessageRule(
        "IPC1004", "Member type is not supported",
        "'{0}' of '{1}' has the type '{2}', which cannot travel; {3}");

    public static readonly DiagnosticDescriptor CustomFormatter = MessageRule(
        "IPC1005", "Custom formatters are not supported",
        "'{0}' asks for a custom MessagePack formatter, which the generated serializer does not call");

    public static readonly DiagnosticDescriptor BadUnion = MessageRule(
        "IPC1006", "Union is not usable",
        "'{0}' cannot be a union: {1}");

    public static readonly DiagnosticDescriptor NoMessageConstructor = MessageRule(
        "IPC1007", "Message has no usable constructor",
        "'{0}' has no accessible constructor whose parameters all match members by name and type");

    public static readonly DiagnosticDescriptor EmptyMessageAction = MessageRule(
        "IPC1008", "Message action is empty",
        "[Message] on '{0}' has the action {1}; name it, for example \"order.placed\", or leave the argument out");

    public static readonly DiagnosticDescriptor KeyOutOfRange = MessageRule(
        "IPC1009", "Key is out of range",
        "'{0}' of '{1}' has the key {2}; keys are positions in an array, from 0 to 1023");

    public static readonly DiagnosticDescriptor MessageTypeNotSupported = MessageRule(
        "IPC1010", "Type cannot be a message",
        "'{0}' cannot be a message: it is {1}");

    public static readonly DiagnosticDescriptor MemberNotReadable = MessageRule(
        "IPC1011", "Member cannot be set when the message is read",
        "'{0}' of '{1}' holds a value, but neither a constructor parameter nor a setter takes it; add one, or [IgnoreMember]");

    public static readonly DiagnosticDescriptor RequiredMemberStays = MessageRule(
        "IPC1012", "Required member does not travel",
        "'{0}' of '{1}' is required but does not travel, so that no instance can be made when the message is read; let it travel, take 'required' away, or mark the constructor with [SetsRequiredMembers]");

    public static readonly DiagnosticDescriptor ForeignTypeRefused = MessageRule(
        "IPC1013", "Type with MessagePack-CSharp's attributes cannot travel",
        "'{0}' cannot travel; {1}");

    public static readonly DiagnosticDescriptor MemberNotAccessible = MessageRule(
        "IPC1014", "Member with a key cannot be read",
        "'{0}' of '{1}' has a [Key], but emitted code cannot read it; make it, or its getter, accessible there, or take the key away");

    public static readonly DiagnosticDescriptor CallbacksNotCalled = MessageRule(
        "IPC1015", "Serialization callbacks are not called",
        "'{0}' implements IMessagePackSerializationCallbackReceiver, which the generated serializer does not call; do its work where the message is made and used");

    private static DiagnosticDescriptor MessageRule(string id, string title, string message) =>
        new(id, title, message, MessageCategory, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: $"docs/diagnostics/{id}.md");
}

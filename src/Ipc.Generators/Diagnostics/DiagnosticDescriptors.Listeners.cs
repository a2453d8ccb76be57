using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Diagnostics;

/// <summary>The rules about listeners, their wiring and their messages' way. Ids are stable; each has a page under docs/diagnostics.</summary>
internal static partial class DiagnosticDescriptors
{
    private const string ListenerCategory = "Ipc.Listeners";
    private const string WiringCategory = "Ipc.Wiring";
    private const string SendingCategory = "Ipc.Sending";

    public static readonly DiagnosticDescriptor NoListenerInterface = Create(
        "IPC0001", "Listener implements no listener interface",
        "'{0}' has [{1}] but implements neither IListener<TMessage> nor IListener<TRequest, TResponse>",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor EmptyAction = Create(
        "IPC0002", "Listener has no action",
        "[Listener] on '{0}' names no event, and {1}",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor DuplicateAnswer = Create(
        "IPC0003", "Two listeners answer one action",
        "The action '{0}' is answered by '{1}' already; of the listeners that answer there can be one per action",
        ListenerCategory, DiagnosticSeverity.Error, compilationEnd: true);

    public static readonly DiagnosticDescriptor AnswerTypeDiffers = Create(
        "IPC0004", "Answer type differs from the request's",
        "'{0}' answers '{1}', but '{2}' says that its answer is '{3}'",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnusableConstructor = Create(
        "IPC0005", "Listener has no usable constructor",
        "'{0}' cannot be constructed: {1}",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NotConstructible = Create(
        "IPC0006", "Listener is abstract, static or generic",
        "'{0}' is {1}, so that no instance of it can be made for a message",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NotAccessible = Create(
        "IPC0007", "Listener is not accessible to the generated table",
        "'{0}' is private, protected or file-local, directly or through a type around it; make it internal or public",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor RunsNowhere = Create(
        "IPC0008", "Listener runs nowhere",
        "[{2}] on '{0}' has RunsIn = {1}; name at least one of Supervisor, Workers and Clients, or leave it out for all of them",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NotWired = Create(
        "IPC0009", "Listeners without AddIpcWorkers",
        "'{0}' is a listener of a program that never calls AddIpcWorkers or AddIpcClient, so it never gets a message",
        WiringCategory, DiagnosticSeverity.Warning, compilationEnd: true);

    public static readonly DiagnosticDescriptor WiredInLibrary = Create(
        "IPC0010", "AddIpcWorkers inside a library",
        "This call wires the listeners of '{0}' only, not those of the program that uses it; call AddIpcWorkers in the program",
        WiringCategory, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor BodyIsTarget = Create(
        "IPC0011", "A target is sent as the message's body",
        "The target stands where the body belongs: {0}(action, body, target)",
        SendingCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NoSerializer = Create(
        "IPC0012", "Type has no serializer",
        "'{0}' cannot travel: it is neither a type with [Message] nor one of the built-in types",
        SendingCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NobodyListens = Create(
        "IPC0013", "Action without a listener",
        "No listener of this program or of the assemblies it references takes the action '{0}'{1}",
        SendingCategory, DiagnosticSeverity.Info, compilationEnd: true);

    public static readonly DiagnosticDescriptor TokenNotForwarded = Create(
        "IPC0014", "Cancellation token is not forwarded",
        "'{0}' can take the listener's '{1}'; without it the call goes on after the asker has given up",
        SendingCategory, DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor HostedServiceEverywhere = Create(
        "IPC0015", "Hosted service runs in every process",
        "This hosted service runs in the supervisor and in every worker; register it in OnSupervisor(...) or OnWorkers(...) to choose",
        WiringCategory, DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor ForeignPrefix = Create(
        "IPC0016", "Event begins with the prefix IMI",
        "The event '{0}' is never raised; here it is called '{1}'",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor AmbiguousEvent = Create(
        "IPC0017", "Event fits several listener interfaces",
        "'{0}' implements several listener interfaces, and the event '{1}' does not say which one is meant; split the class, or use [Listener] alone",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnknownFamily = Create(
        "IPC0018", "Event has no family",
        "The event '{0}' is never raised; a message's event is called 'PIPE_MESSAGE.{0}'",
        ListenerCategory, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor NotInterceptable = Create(
        "IPC0019", "AddIpcWorkers is not called directly",
        "The generator can hand over the listeners only in a direct call; use the explicit form AddIpcWorkers(GeneratedIpcListeners.Instance)",
        WiringCategory, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor SenselessRedelivery = Create(
        "IPC0020", "Redelivery makes no sense here",
        "'{0}' {1}",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor EventTypeDiffers = Create(
        "IPC0021", "Listener does not take the event's message",
        "'{0}' listens to '{1}' and has to implement IListener<{2}>, which is that event's message",
        ListenerCategory, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnknownEvent = Create(
        "IPC0022", "Event is never raised",
        "The event '{0}' is never raised; the events of its family are {1}",
        ListenerCategory, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor ImpossibleSubscription = Create(
        "IPC0023", "Subscription is impossible",
        "'{0}' {1}",
        ListenerCategory, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Create(
        string id, string title, string message, string category, DiagnosticSeverity severity, bool compilationEnd = false) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, helpLinkUri: $"docs/diagnostics/{id}.md",
            customTags: compilationEnd ? [WellKnownDiagnosticTags.CompilationEnd] : []);
}

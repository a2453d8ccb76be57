using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners.Model;
using Ipc.Generators.Messages;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>Reads a listener class. The generator takes the model and leaves out what is wrong; the analyzer takes the diagnostics.</summary>
/// <param name="type">The class.</param>
/// <param name="report">Takes the diagnostics, or <see langword="null"/>.</param>
internal sealed partial class ListenerParser(INamedTypeSymbol type, Action<Diagnostic>? report)
{
    private const int Everywhere = 7;
    private const int DefaultMaxDeliveries = 5;
    private const int MaxMaxDeliveries = 100;
    private CancellationToken _cancellationToken;

    /// <summary>Reads the class.</summary>
    /// <param name="attributes">Its <c>[Listener]</c> and <c>[Subscribe]</c> attributes, at least one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The model, or <see langword="null"/> when no row can be emitted.</returns>
    public ListenerModel? Parse(IReadOnlyList<AttributeData> attributes, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        if (!IsConstructible())
        {
            return null;
        }

        INamedTypeSymbol[] interfaces = type.AllInterfaces
            .Where(i => i.IsNamed(KnownNames.Listener) || i.IsNamed(KnownNames.AnsweringListener))
            .OrderBy(i => i.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), StringComparer.Ordinal)
            .ToArray();
        if (interfaces.Length == 0)
        {
            Report(DiagnosticDescriptors.NoListenerInterface, TypeLocation(), type.Name, Written(attributes[0]));
            return null;
        }

        EquatableArray<ConstructorParameter> parameters = default;
        bool usable = true;
        if (ListenerConstructor.TryRead(type, out parameters) is { } problem)
        {
            Report(DiagnosticDescriptors.UnusableConstructor, TypeLocation(), type.Name, problem);
            usable = false;
        }

        var rows = new List<ListenerRow>();
        foreach (AttributeData attribute in attributes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadAttribute(attribute, interfaces, rows);
        }

        return usable && rows.Count > 0 ? new ListenerModel(type.FullName(), TypeRef.From(type), rows.Distinct().ToEquatableArray(), parameters) : null;
    }

    private bool IsConstructible()
    {
        string? obstacle = type switch
        {
            { IsStatic: true } => "static",
            { IsAbstract: true } => "abstract",
            _ when type.IsOpenGeneric() => "generic",
            _ => null,
        };
        if (obstacle is not null)
        {
            Report(DiagnosticDescriptors.NotConstructible, TypeLocation(), type.Name, obstacle);
            return false;
        }

        if (!type.IsReachableInAssembly())
        {
            Report(DiagnosticDescriptors.NotAccessible, TypeLocation(), type.Name);
            return false;
        }

        return true;
    }

    private void ReadAttribute(AttributeData attribute, INamedTypeSymbol[] interfaces, List<ListenerRow> rows)
    {
        if (attribute.AttributeConstructor is null || attribute.ConstructorArguments.Any(a => a.Kind == TypedConstantKind.Error))
        {
            // The compiler says what is wrong with it.
            return;
        }

        int runsIn = Named(attribute, "RunsIn", Everywhere);
        if ((runsIn & Everywhere) == 0 || (runsIn & ~Everywhere) != 0)
        {
            Report(DiagnosticDescriptors.RunsNowhere, Location(attribute), type.Name, runsIn == 0 ? "None" : runsIn, Written(attribute));
            return;
        }

        if (IsSubscription(attribute))
        {
            ReadSubscription(attribute, interfaces, runsIn, rows);
            return;
        }

        string? written = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0].Value as string : null;
        if (written is null)
        {
            ReadOwnActions(attribute, interfaces, runsIn, rows);
            return;
        }

        if (string.IsNullOrWhiteSpace(written) || written == KnownNames.MessageEventPrefix)
        {
            Report(DiagnosticDescriptors.EmptyAction, Location(attribute), type.Name, "an event without a name is never raised");
            return;
        }

        if (written.StartsWith(KnownNames.ForeignEventPrefix, StringComparison.Ordinal))
        {
            Report(DiagnosticDescriptors.ForeignPrefix, Location(attribute), written, written.Substring(KnownNames.ForeignEventPrefix.Length));
            return;
        }

        if (written.StartsWith(KnownNames.TopicEventPrefix, StringComparison.Ordinal))
        {
            Report(DiagnosticDescriptors.ImpossibleSubscription, Location(attribute), type.Name, $"listens to '{written}'; topics are subscribed to with [Subscribe(\"{written.Substring(KnownNames.TopicEventPrefix.Length)}\")]");
            return;
        }

        if (!HasFamily(written))
        {
            Report(DiagnosticDescriptors.UnknownFamily, Location(attribute), written);
        }

        if (KnownEvents.IsOwnFamily(written) && !KnownEvents.Messages.ContainsKey(written))
        {
            Report(DiagnosticDescriptors.UnknownEvent, Location(attribute), written, string.Join(", ", KnownEvents.Messages.Keys));
        }

        if (ChooseInterface(interfaces, written) is { } chosen)
        {
            AddRow(attribute, chosen, written, runsIn, rows);
        }
        else
        {
            Report(DiagnosticDescriptors.AmbiguousEvent, Location(attribute), type.Name, written);
        }
    }

    /// <summary><c>[Listener]</c> alone: every listener interface whose message type has an action of its own becomes a row.</summary>
    private void ReadOwnActions(AttributeData attribute, INamedTypeSymbol[] interfaces, int runsIn, List<ListenerRow> rows)
    {
        bool any = false;
        foreach (INamedTypeSymbol implemented in interfaces)
        {
            if (implemented.TypeArguments[0].MessageAction() is { } action)
            {
                any = true;
                AddRow(attribute, implemented, KnownNames.MessageEventPrefix + action, runsIn, rows);
            }
        }

        if (!any)
        {
            string types = string.Join(", ", interfaces.Select(i => $"'{Short(i.TypeArguments[0])}'"));
            Report(DiagnosticDescriptors.EmptyAction, Location(attribute), type.Name, $"{types} has no action in [Message] to take it from");
        }
    }

    /// <summary>An event belongs to the only interface, or to the only one whose message type is the event's or has its action.</summary>
    private static INamedTypeSymbol? ChooseInterface(INamedTypeSymbol[] interfaces, string eventName)
    {
        if (interfaces.Length == 1)
        {
            return interfaces[0];
        }

        INamedTypeSymbol[] own = interfaces
            .Where(i => KnownEvents.Messages.TryGetValue(eventName, out string message)
                ? i.TypeArguments[0].IsNamed(message)
                : i.TypeArguments[0].MessageAction() is { } action && KnownNames.MessageEventPrefix + action == eventName)
            .ToArray();
        return own.Length == 1 ? own[0] : null;
    }

    private void AddRow(AttributeData attribute, INamedTypeSymbol listener, string eventName, int runsIn, List<ListenerRow> rows, string? queue = null)
    {
        ITypeSymbol message = listener.TypeArguments[0];
        ITypeSymbol? response = listener.TypeArguments.Length > 1 ? listener.TypeArguments[1] : null;
        if (!EventFits(eventName, message, response, attribute) || (response is not null && !AnswerFits(message, response, attribute)))
        {
            return;
        }

        string? messageSerializer = Serializer(message, attribute);
        string? responseSerializer = response is null ? null : Serializer(response, attribute);
        if (messageSerializer is null || (response is not null && responseSerializer is null))
        {
            return;
        }

        rows.Add(new ListenerRow(
            eventName,
            TypeRef.From(message),
            messageSerializer,
            response is null ? null : TypeRef.From(response),
            responseSerializer,
            Named(attribute, "Priority", 0),
            runsIn,
            Named(attribute, "Lifetime", 0) == 1,
            Named(attribute, "Concurrent", false),
            MaxDeliveries(attribute, response is not null, eventName, runsIn, queue is not null),
            Named(attribute, "AllowClients", false),
            queue));
    }

    /// <summary>How often a message is given to the listener at most; 0 when it is not redelivered.</summary>
    private int MaxDeliveries(AttributeData attribute, bool answers, string eventName, int runsIn, bool isQueue)
    {
        const int Workers = 2;
        const int Unset = int.MinValue;
        bool redelivery = Named(attribute, "Redelivery", false);
        int max = Named(attribute, "MaxDeliveries", Unset);
        string? problem = redelivery switch
        {
            _ when isQueue && attribute.NamedArguments.Any(a => a.Key == "Redelivery") => "has Redelivery beside Queue, whose messages are always delivered again",
            _ when max != Unset && (isQueue || redelivery) && max is < 1 or > MaxMaxDeliveries => $"has MaxDeliveries = {max}; it may be 1 to {MaxMaxDeliveries}",
            _ when isQueue => null,
            false => max == Unset ? null : "has MaxDeliveries without Redelivery = true",
            _ when answers => "answers, and a request is never run twice: its asker is told at once",
            _ when !IsMessage(eventName) => $"listens to '{eventName}', which is no message between processes",
            _ when (runsIn & Workers) == 0 => "does not run in workers, and nobody else has a successor",
            _ => null,
        };
        if (problem is not null)
        {
            Report(DiagnosticDescriptors.SenselessRedelivery, Location(attribute), type.Name, problem);
            return 0;
        }

        return !redelivery && !isQueue ? 0 : max == Unset ? DefaultMaxDeliveries : max;
    }

    /// <summary>Whether a listener to an event that is no message between processes takes that event's message, and answers nobody.</summary>
    private bool EventFits(string eventName, ITypeSymbol message, ITypeSymbol? response, AttributeData attribute)
    {
        if (!KnownEvents.Messages.TryGetValue(eventName, out string expected) || (response is null && message.IsNamed(expected)))
        {
            return true;
        }

        Report(DiagnosticDescriptors.EventTypeDiffers, Location(attribute), type.Name, eventName, KnownEvents.ShortName(expected));
        return false;
    }

    private bool AnswerFits(ITypeSymbol message, ITypeSymbol response, AttributeData attribute)
    {
        ITypeSymbol[] promised = message.AllInterfaces.Where(i => i.IsNamed(KnownNames.RequestMessage)).Select(i => i.TypeArguments[0]).ToArray();
        if (promised.Length == 0 || promised.Any(p => SymbolEqualityComparer.Default.Equals(p, response)))
        {
            return true;
        }

        Report(DiagnosticDescriptors.AnswerTypeDiffers, Location(attribute), type.Name, Short(response), Short(message), Short(promised[0]));
        return false;
    }

    private string? Serializer(ITypeSymbol travelling, AttributeData attribute)
    {
        if (travelling is INamedTypeSymbol named && !named.IsReachableInAssembly())
        {
            Report(DiagnosticDescriptors.NotAccessible, Location(attribute), Short(travelling));
            return null;
        }

        if (travelling is INamedTypeSymbol message && IsRefused(message))
        {
            return null;
        }

        string? expression = SerializerExpression.For(travelling);
        if (expression is null && travelling.TypeKind != TypeKind.Error)
        {
            Report(DiagnosticDescriptors.NoSerializer, Location(attribute), Short(travelling));
        }

        return expression;
    }

    /// <summary>Whether a type's serializer cannot be emitted; another diagnostic says why, at the type or at this listener.</summary>
    private bool IsRefused(INamedTypeSymbol travelling) => KnownAttributes.IsMessage(travelling)
        ? SymbolEqualityComparer.Default.Equals(travelling.ContainingAssembly, type.ContainingAssembly) && !MessageParser.CanBeExtended(travelling)
        : KnownAttributes.IsForeignMessage(travelling) && MessageGraph.Of(type.ContainingAssembly).Resolve(travelling, _cancellationToken).Cause is not null;

    /// <summary>Whether the event is a message between processes.</summary>
    private static bool IsMessage(string eventName) =>
        eventName.StartsWith(KnownNames.MessageEventPrefix, StringComparison.Ordinal) || eventName.StartsWith(KnownNames.TopicEventPrefix, StringComparison.Ordinal);

    /// <summary>Whether the event looks like <c>FAMILY.name</c>.</summary>
    private static bool HasFamily(string eventName)
    {
        int dot = eventName.IndexOf('.');
        return dot > 0 && eventName.Take(dot).All(c => c is (>= 'A' and <= 'Z') or '_');
    }

    private static T Named<T>(AttributeData attribute, string name, T fallback)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value.Value is T value)
            {
                return value;
            }
        }

        return fallback;
    }

    private static string Short(ITypeSymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private Location? TypeLocation() => report is null ? null : type.Locations.FirstOrDefault();

    private Location? Location(AttributeData attribute) =>
        report is null ? null : attribute.ApplicationSyntaxReference?.GetSyntax().GetLocation() ?? type.Locations.FirstOrDefault();

    private void Report(DiagnosticDescriptor descriptor, Location? location, params object[] arguments) =>
        report?.Invoke(Diagnostic.Create(descriptor, location, arguments));
}

using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>The part that reads <c>[Subscribe]</c>.</summary>
internal sealed partial class ListenerParser
{
    private void ReadSubscription(AttributeData attribute, INamedTypeSymbol[] interfaces, int runsIn, List<ListenerRow> rows)
    {
        INamedTypeSymbol[] listening = interfaces.Where(i => i.IsNamed(KnownNames.Listener)).ToArray();
        string? pattern = attribute.ConstructorArguments[0].Value as string;
        string? queue = Named<string?>(attribute, "Queue", null);
        string? problem = pattern switch
        {
            null => "names no pattern",
            _ when TopicRules.WhyNoPattern(pattern) is { } reason => $"subscribes to '{pattern}', which {reason}",
            _ when queue is not null && TopicRules.WhyNoQueue(queue) is { } reason => $"has the queue '{queue}', which {reason}",
            _ when listening.Length == 0 => "answers, and whoever publishes awaits no answer; implement IListener<TMessage>",
            _ when listening.Length > 1 => "implements several listener interfaces, and a pattern does not say which one is meant; split the class",
            _ => null,
        };
        if (problem is not null)
        {
            Report(DiagnosticDescriptors.ImpossibleSubscription, Location(attribute), type.Name, problem);
            return;
        }

        AddRow(attribute, listening[0], KnownNames.TopicEventPrefix + pattern, runsIn, rows, queue);
    }

    private static bool IsSubscription(AttributeData attribute) => attribute.AttributeClass.IsNamed(KnownNames.SubscribeAttribute);

    /// <summary>What is written between the brackets.</summary>
    private static string Written(AttributeData attribute) => IsSubscription(attribute) ? "Subscribe" : "Listener";
}

using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Contracts;
using Ipc.Generators.Listeners;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Messages;

/// <summary>
/// Emits a serializer for every type with [Message], for every type with MessagePack-CSharp's attributes that one of them, a listener, a contract or a call of the
/// sender names, and the table of them all.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed partial class MessageGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<MessageModel> messages = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.MessageAttribute, static (node, _) => node is TypeDeclarationSyntax, ParseMessage)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Messages);
        IncrementalValuesProvider<EquatableArray<MessageModel>> listeners = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.ListenerAttribute, static (node, _) => ListenerAttributes.MayBeOn(node), ParseListener)
            .Where(static models => models.Count > 0)
            .WithTrackingName(TrackingNames.ListenerMessages);
        IncrementalValuesProvider<EquatableArray<MessageModel>> subscribers = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.SubscribeAttribute, static (node, _) => ListenerAttributes.MayBeOn(node), ParseListener)
            .Where(static models => models.Count > 0)
            .WithTrackingName(TrackingNames.SubscriberMessages);
        IncrementalValuesProvider<EquatableArray<MessageModel>> sends = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => SenderMethods.MayNameTypes(node), ParseSend)
            .Where(static models => models.Count > 0)
            .WithTrackingName(TrackingNames.SentMessages);

        IncrementalValuesProvider<EquatableArray<MessageModel>> contracts = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.ServiceAttribute, static (node, _) => node is InterfaceDeclarationSyntax, ParseContract)
            .Where(static models => models.Count > 0)
            .WithTrackingName(TrackingNames.ContractMessages);

        IncrementalValueProvider<bool> knowsIpc = context.CompilationProvider
            .Select(static (compilation, _) => compilation.GetTypeByMetadataName("Ipc.Serialization.MessageSerializer") is not null)
            .WithTrackingName(TrackingNames.KnowsIpc);

        // Foreign types are needed in many places, but emitted once.
        IncrementalValueProvider<EquatableArray<MessageModel>> foreign = messages.Collect()
            .Combine(listeners.Collect()).Combine(sends.Collect()).Combine(contracts.Collect()).Combine(subscribers.Collect())
            .Select(static (all, _) => JoinForeign(all.Left.Left.Left.Left, all.Left.Left.Left.Right.AddRange(all.Left.Left.Right).AddRange(all.Left.Right).AddRange(all.Right)))
            .WithTrackingName(TrackingNames.Foreign);

        IncrementalValueProvider<EquatableArray<string>> names = messages.Collect().Combine(foreign)
            .Select(static (all, _) => Clashes([.. all.Left, .. all.Right]))
            .WithTrackingName(TrackingNames.Clashes);

        IncrementalValueProvider<EquatableArray<string>> table = messages.Collect().Combine(foreign)
            .Select(static (all, _) => Rows([.. all.Left, .. all.Right]))
            .WithTrackingName(TrackingNames.Table);

        foreach (IncrementalValuesProvider<MessageModel> source in new[] { messages, foreign.SelectMany(static (models, _) => models) })
        {
            context.RegisterSourceOutput(source.Combine(names), static (output, item) =>
                output.AddSource(HintName(item.Left, item.Right), MessageEmitter.Emit(item.Left)));
        }

        context.RegisterSourceOutput(table.Combine(knowsIpc), static (output, item) =>
        {
            if (item.Right)
            {
                output.AddSource("Ipc.MessageSerializers.g.cs", MessageTableEmitter.Emit(item.Left));
            }
        });
    }

    private static MessageModel? ParseMessage(GeneratorAttributeSyntaxContext found, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)found.TargetSymbol;

        // Source with errors may have the attribute on several parts of a type; the first one stands for it.
        SyntaxNode? first = KnownAttributes.Find(type, KnownAttributes.Message)?.ApplicationSyntaxReference?.GetSyntax(cancellationToken);
        return first is not null && first.SyntaxTree == found.TargetNode.SyntaxTree && found.TargetNode.Span.Contains(first.Span)
            ? MessageGraph.Of(found.SemanticModel.Compilation.Assembly).Resolve(type, cancellationToken).Model
            : null;
    }

    private static EquatableArray<MessageModel> ParseListener(GeneratorAttributeSyntaxContext found, CancellationToken cancellationToken) =>
        ParseForeign(ListenerAttributes.Messages((INamedTypeSymbol)found.TargetSymbol), found.SemanticModel, cancellationToken);

    private static EquatableArray<MessageModel> ParseContract(GeneratorAttributeSyntaxContext found, CancellationToken cancellationToken) =>
        ParseForeign(ContractParser.Messages((INamedTypeSymbol)found.TargetSymbol, cancellationToken), found.SemanticModel, cancellationToken);

    private static EquatableArray<MessageModel> ParseSend(GeneratorSyntaxContext found, CancellationToken cancellationToken)
    {
        // The constraint of a message type may hold only with what is about to be emitted; that it is refused now does not matter.
        SymbolInfo info = found.SemanticModel.GetSymbolInfo(found.Node, cancellationToken);
        return (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is IMethodSymbol method && SenderMethods.NamesTypes(method)
            ? ParseForeign(method.TypeArguments, found.SemanticModel, cancellationToken)
            : default;
    }

    private static EquatableArray<MessageModel> ParseForeign(IEnumerable<ITypeSymbol> types, SemanticModel semanticModel, CancellationToken cancellationToken)
    {
        var models = new List<MessageModel>();
        foreach (INamedTypeSymbol type in types.OfType<INamedTypeSymbol>().Where(KnownAttributes.IsForeignMessage))
        {
            if (MessageGraph.Of(semanticModel.Compilation.Assembly).Resolve(type, cancellationToken).Model is { } model)
            {
                models.Add(model with { Foreign = default });
                models.AddRange(model.Foreign);
            }
        }

        return models.ToEquatableArray();
    }

    private static EquatableArray<MessageModel> JoinForeign(ImmutableArray<MessageModel> messages, ImmutableArray<EquatableArray<MessageModel>> others) =>
        messages.SelectMany(message => message.Foreign)
            .Concat(others.SelectMany(models => models))
            .GroupBy(message => message.Type, StringComparer.Ordinal)
            .Select(group => group.First())
            .OrderBy(message => message.FullName, StringComparer.Ordinal)
            .ToEquatableArray();

    /// <summary>The names that differ from another one in case only, which file names may not.</summary>
    private static EquatableArray<string> Clashes(IEnumerable<MessageModel> messages) =>
        messages.Select(message => message.FullName)
            .Distinct(StringComparer.Ordinal)
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group)
            .OrderBy(name => name, StringComparer.Ordinal)
            .ToEquatableArray();

    private static EquatableArray<string> Rows(IEnumerable<MessageModel> messages) =>
        messages.Where(message => message.IsReachable && message.Refusal is null)
            .OrderBy(message => message.FullName, StringComparer.Ordinal)
            .Select(message => message.Serializer)
            .Distinct()
            .ToEquatableArray();

    private static string HintName(MessageModel message, EquatableArray<string> clashes)
    {
        int clash = clashes.ToList().IndexOf(message.FullName);
        return clash < 0 ? $"{message.FullName}.Message.g.cs" : $"{message.FullName}.{clash}.Message.g.cs";
    }
}

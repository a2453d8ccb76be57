using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Listeners;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Messages;

/// <summary>Emits a serializer for every type with [Message] or MessagePack-CSharp's attributes, and the table of an assembly's serializers.</summary>
[Generator(LanguageNames.CSharp)]
public sealed partial class MessageGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<MessageModel> messages = Find(context, KnownAttributes.Message, TrackingNames.Messages);
        IncrementalValuesProvider<MessageModel> objects = Find(context, KnownAttributes.MessagePackObject, TrackingNames.MessagePackObjects);
        IncrementalValuesProvider<MessageModel> unions = Find(context, KnownAttributes.MessagePackUnion, TrackingNames.MessagePackUnions);
        IncrementalValuesProvider<EquatableArray<MessageModel>> listeners = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.ListenerAttribute, static (node, _) => ListenerAttributes.MayBeOn(node), ParseListener)
            .WithTrackingName(TrackingNames.ListenerMessages);

        IncrementalValueProvider<bool> knowsIpc = context.CompilationProvider
            .Select(static (compilation, _) => compilation.GetTypeByMetadataName("Ipc.Serialization.MessageSerializer") is not null)
            .WithTrackingName(TrackingNames.KnowsIpc);

        // Types of other assemblies are needed by many messages, but emitted once.
        IncrementalValueProvider<EquatableArray<MessageModel>> foreign = messages.Collect()
            .Combine(objects.Collect()).Combine(unions.Collect()).Combine(listeners.Collect())
            .Select(static (all, _) => JoinForeign(all.Left.Left.Left, all.Left.Left.Right, all.Left.Right, all.Right))
            .WithTrackingName(TrackingNames.Foreign);

        IncrementalValueProvider<EquatableArray<string>> names = messages.Collect()
            .Combine(objects.Collect()).Combine(unions.Collect()).Combine(foreign)
            .Select(static (all, _) => Clashes([.. all.Left.Left.Left, .. all.Left.Left.Right, .. all.Left.Right, .. all.Right]))
            .WithTrackingName(TrackingNames.Clashes);

        IncrementalValueProvider<EquatableArray<string>> table = messages.Collect()
            .Combine(objects.Collect()).Combine(unions.Collect()).Combine(foreign)
            .Select(static (all, _) => Rows([.. all.Left.Left.Left, .. all.Left.Left.Right, .. all.Left.Right, .. all.Right]))
            .WithTrackingName(TrackingNames.Table);

        foreach (IncrementalValuesProvider<MessageModel> source in new[] { messages, objects, unions })
        {
            context.RegisterSourceOutput(source.Combine(names), static (output, item) =>
                output.AddSource(HintName(item.Left, item.Right), MessageEmitter.Emit(item.Left)));
        }

        context.RegisterSourceOutput(foreign.Combine(names), static (output, item) =>
        {
            foreach (MessageModel message in item.Left)
            {
                output.AddSource(HintName(message, item.Right), MessageEmitter.Emit(message));
            }
        });
        context.RegisterSourceOutput(table.Combine(knowsIpc), static (output, item) =>
        {
            if (item.Right)
            {
                output.AddSource("Ipc.MessageSerializers.g.cs", MessageTableEmitter.Emit(item.Left));
            }
        });
    }

    private static IncrementalValuesProvider<MessageModel> Find(IncrementalGeneratorInitializationContext context, string attribute, string name) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(attribute, static (node, _) => node is TypeDeclarationSyntax, static (found, token) => Parse(found, token))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(name);

    private static MessageModel? Parse(GeneratorAttributeSyntaxContext found, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)found.TargetSymbol;
        return IsFirst(found, type, cancellationToken)
            ? MessageParser.Parse(type, found.SemanticModel.Compilation.Assembly, null, cancellationToken)
            : null;
    }

    /// <summary>Whether this is the one of several attributes, or of several declarations, that stands for the type.</summary>
    private static bool IsFirst(GeneratorAttributeSyntaxContext found, INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        bool isOurs = KnownAttributes.IsMessage(type);
        foreach (AttributeData attribute in type.GetAttributes())
        {
            string? name = attribute.AttributeClass?.ToDisplayString();
            if (isOurs ? name == KnownAttributes.Message : name is KnownAttributes.MessagePackObject or KnownAttributes.MessagePackUnion)
            {
                SyntaxNode? syntax = attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken);
                return attribute.AttributeClass!.ToDisplayString() == found.Attributes[0].AttributeClass!.ToDisplayString()
                    && syntax is not null && syntax.SyntaxTree == found.TargetNode.SyntaxTree && found.TargetNode.Span.Contains(syntax.Span);
            }
        }

        return false;
    }

    /// <summary>A listener may take or answer with a type of another assembly that has no serializer there.</summary>
    private static EquatableArray<MessageModel> ParseListener(GeneratorAttributeSyntaxContext found, CancellationToken cancellationToken)
    {
        IAssemblySymbol assembly = found.SemanticModel.Compilation.Assembly;
        var models = new List<MessageModel>();
        foreach (INamedTypeSymbol face in ((INamedTypeSymbol)found.TargetSymbol).AllInterfaces)
        {
            if (!face.IsNamed(KnownNames.Listener) && !face.IsNamed(KnownNames.AnsweringListener))
            {
                continue;
            }

            foreach (INamedTypeSymbol type in face.TypeArguments.OfType<INamedTypeSymbol>())
            {
                if (!SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, assembly) && KnownAttributes.IsForeignMessage(type)
                    && MessageParser.Parse(type, assembly, null, cancellationToken) is { } model)
                {
                    models.Add(model with { Foreign = default });
                    models.AddRange(model.Foreign);
                }
            }
        }

        return models.ToEquatableArray();
    }

    private static EquatableArray<MessageModel> JoinForeign(
        ImmutableArray<MessageModel> messages, ImmutableArray<MessageModel> objects, ImmutableArray<MessageModel> unions, ImmutableArray<EquatableArray<MessageModel>> listeners) =>
        messages.Concat(objects).Concat(unions).SelectMany(message => message.Foreign)
            .Concat(listeners.SelectMany(models => models))
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
        messages.Where(message => message.IsReachable)
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

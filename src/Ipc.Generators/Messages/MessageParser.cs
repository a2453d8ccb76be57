using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Messages;

/// <summary>Makes the model of a message type, and says what is wrong with it: the generator takes the one, the analyzer the other.</summary>
internal sealed partial class MessageParser
{
    /// <summary>How types are named in messages: with the types around them, without namespaces, as they are written.</summary>
    private static readonly SymbolDisplayFormat DisplayFormat =
        SymbolDisplayFormat.CSharpShortErrorMessageFormat.RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseAsterisksInMultiDimensionalArrays);

    private readonly IAssemblySymbol _assembly;
    private readonly CancellationToken _cancellationToken;
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<MessageNeed> _needs = [];
    private readonly ValueParser _values;

    private MessageParser(IAssemblySymbol assembly, CancellationToken cancellationToken)
    {
        _assembly = assembly;
        _cancellationToken = cancellationToken;
        _values = new ValueParser(assembly);
    }

    /// <summary>Reads a message type, by itself: the types of its members are taken to be usable.</summary>
    /// <param name="type">A type with [Message], or with MessagePack-CSharp's attributes.</param>
    /// <param name="assembly">The assembly that code is emitted into.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static MessageJudgement Judge(INamedTypeSymbol type, IAssemblySymbol assembly, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var parser = new MessageParser(assembly, cancellationToken);
        return new MessageJudgement(parser.ParseType(type), parser._diagnostics, parser._needs);
    }

    /// <summary>Whether a serializer can be added to a type with [Message], be it one that only says what is wrong.</summary>
    public static bool CanBeExtended(INamedTypeSymbol type) => Shape(type) is null && IsPartial(type);

    private MessageModel? ParseType(INamedTypeSymbol type)
    {
        bool isForeign = !KnownAttributes.IsMessage(type);
        if (!CheckType(type, isForeign))
        {
            return null;
        }

        string? action = isForeign ? null : ParseAction(type);
        bool isUnion = type.IsAbstract || type.TypeKind == TypeKind.Interface || KnownAttributes.UnionsOf(type).Any();
        EquatableArray<UnionCaseModel> cases = default;
        List<MemberModel> members = [];
        bool isMap = false, guarded = false;
        if (KnownAttributes.FindFormatter(type) is not null)
        {
            Report(DiagnosticDescriptors.CustomFormatter, type, Display(type));
        }
        else if (type.AllInterfaces.Any(face => face.IsNamed("MessagePack.IMessagePackSerializationCallbackReceiver")))
        {
            Report(DiagnosticDescriptors.CallbacksNotCalled, type, Display(type));
        }
        else if (isUnion)
        {
            cases = ParseUnion(type);
        }
        else
        {
            members = ParseMembers(type, isForeign, out isMap, out guarded);
        }

        ITypeSymbol? response = ParseResponse(type);
        bool asksAsStruct = response is not null && type.IsValueType && !isForeign && IsReachable(type) && IsReachable(response);
        return new MessageModel(
            type.FullName(),
            MessageNames.TypeName(type),
            type.ContainingNamespace.FullName(),
            isForeign ? default : Declarations(type).ToEquatableArray(),
            action,
            type.IsValueType,
            isMap,
            isUnion,
            isMap || members.Count == 0 ? members.Count : members[members.Count - 1].Index + 1,
            members.ToEquatableArray(),
            cases,
            guarded,
            isForeign ? MessageNames.ForeignSerializer(type) : $"{MessageNames.TypeName(type)}.{MessageNames.NestedSerializer}.Instance",
            IsReachable(type),
            IsPublic(type) && (response is null || IsPublic(response)),
            asksAsStruct ? response!.ToDisplayString(TypeRef.Format) : null,
            Refusal: null,
            Foreign: default);
    }

    /// <summary>Notes that a type's serializer is called, unless it is sure to exist.</summary>
    private void Need(INamedTypeSymbol type, Func<string, Diagnostic> missing)
    {
        bool isHere = SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _assembly);
        if (!KnownAttributes.IsMessage(type) || (isHere && !CanBeExtended(type)))
        {
            _needs.Add(new MessageNeed((INamedTypeSymbol)type.WithNullableAnnotation(NullableAnnotation.NotAnnotated), missing));
        }
    }

    /// <summary>Whether anything can be emitted for the type at all.</summary>
    private bool CheckType(INamedTypeSymbol type, bool isForeign)
    {
        string? reason = Shape(type);
        if (isForeign && reason is null && !IsReachable(type))
        {
            reason = "private or protected, directly or through a type around it, and cannot be extended";
        }

        if (reason is not null)
        {
            Report(DiagnosticDescriptors.MessageTypeNotSupported, type, Display(type), reason);
        }
        else if (!isForeign && !IsPartial(type))
        {
            Report(DiagnosticDescriptors.MessageNotPartial, type, Display(type));
        }

        return _diagnostics.Count == 0;
    }

    /// <summary>Why no serializer can name the type, or <see langword="null"/>.</summary>
    private static string? Shape(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            if (current.IsGenericType)
            {
            return "generic, or inside a generic type";
            }

            if (current.IsFileLocal)
            {
            return "local to its file";
            }
        }

        return type.IsStatic ? "static"
            : type.IsRefLikeType ? "a ref struct"
            : type.TypeKind is TypeKind.Enum or TypeKind.Delegate ? "neither class, struct nor interface"
            : null;
    }

    /// <summary>Whether the type and those around it are partial.</summary>
    private static bool IsPartial(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            bool isPartial = current.DeclaringSyntaxReferences.All(reference =>
                reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
            if (!isPartial)
            {
            return false;
            }
        }

        return true;
    }

    private string? ParseAction(INamedTypeSymbol type)
    {
        AttributeData attribute = KnownAttributes.Find(type, KnownAttributes.Message)!;
        if (attribute.ConstructorArguments.Length == 0 || attribute.ConstructorArguments[0].Value is not string action)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(action))
        {
            Report(DiagnosticDescriptors.EmptyMessageAction, type, Display(type), Names.Literal(action));
            return null;
        }

        return action;
    }

    /// <summary>What a request is answered with; makes sure that the answer's serializer exists.</summary>
    private ITypeSymbol? ParseResponse(INamedTypeSymbol type)
    {
        INamedTypeSymbol? request = type.AllInterfaces.FirstOrDefault(candidate => candidate.IsNamed(KnownNames.RequestMessage));
        if (request?.TypeArguments[0] is not { TypeKind: not TypeKind.Error } response)
        {
            return null;
        }

        if (response is INamedTypeSymbol named && KnownAttributes.IsForeignMessage(named))
        {
            Need(named, why => Error(DiagnosticDescriptors.ForeignTypeRefused, type, Display(named), why));
        }

        return response;
    }

    private static List<string> Declarations(INamedTypeSymbol type)
    {
        var declarations = new List<string>();
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            string keyword = current.TypeKind switch
            {
                TypeKind.Interface => "interface",
                TypeKind.Struct => current.IsRecord ? "record struct" : "struct",
                _ => current.IsRecord ? "record" : "class",
            };
            declarations.Insert(0, $"partial {keyword} {MessageNames.Escape(current.Name)}");
        }

        return declarations;
    }

    private static string Display(ISymbol symbol) => symbol.ToDisplayString(DisplayFormat);

    private void Report(DiagnosticDescriptor rule, ISymbol where, params object?[] arguments) => _diagnostics.Add(Error(rule, where, arguments));

    private static Diagnostic Error(DiagnosticDescriptor rule, ISymbol where, params object?[] arguments) =>
        Diagnostic.Create(rule, where.Locations.FirstOrDefault(location => location.IsInSource) ?? Location.None, arguments);
}

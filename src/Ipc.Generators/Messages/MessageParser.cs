using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Messages;

/// <summary>Makes the model of a message type. The generator throws what is reported away; the analyzer reports it: both see the same rules.</summary>
internal sealed partial class MessageParser
{
    /// <summary>How types are named in messages: with the types around them, without namespaces, as they are written.</summary>
    private static readonly SymbolDisplayFormat DisplayFormat =
        SymbolDisplayFormat.CSharpShortErrorMessageFormat.RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseAsterisksInMultiDimensionalArrays);

    private readonly IAssemblySymbol _assembly;
    private readonly Action<Diagnostic>? _report;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<INamedTypeSymbol, bool> _usable = new(SymbolEqualityComparer.Default);
    private readonly List<MessageModel> _foreign = [];
    private readonly ValueParser _values;

    private MessageParser(IAssemblySymbol assembly, Action<Diagnostic>? report, CancellationToken cancellationToken)
    {
        _assembly = assembly;
        _report = report;
        _cancellationToken = cancellationToken;
        _values = new ValueParser(assembly, IsUsable);
    }

    /// <summary>Describes a message type.</summary>
    /// <param name="type">A type with [Message], or with MessagePack-CSharp's attributes.</param>
    /// <param name="assembly">The assembly that code is emitted into.</param>
    /// <param name="report">Takes what is wrong with it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns><see langword="null"/> when no legal code can be emitted for it.</returns>
    public static MessageModel? Parse(INamedTypeSymbol type, IAssemblySymbol assembly, Action<Diagnostic>? report, CancellationToken cancellationToken)
    {
        var parser = new MessageParser(assembly, report, cancellationToken);
        parser._usable[type] = true;
        return parser.ParseType(type);
    }

    private MessageModel? ParseType(INamedTypeSymbol type)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        bool isForeign = !KnownAttributes.IsMessage(type);
        bool legal = CheckType(type, isForeign);
        string? action = isForeign ? null : ParseAction(type, ref legal);
        bool isUnion = type.IsAbstract || type.TypeKind == TypeKind.Interface || KnownAttributes.UnionsOf(type).Any();

        EquatableArray<UnionCaseModel> cases = default;
        List<MemberModel> members = [];
        bool isMap = false, guarded = false;
        if (isUnion)
        {
            cases = ParseUnion(type, ref legal);
        }
        else
        {
            members = ParseMembers(type, isForeign, out isMap, out guarded, ref legal);
        }

        if (!legal)
        {
            return null;
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
            _foreign.ToEquatableArray());
    }

    /// <summary>Whether the serializer of a type that is named inside another message will exist; a type that contains itself is taken to be usable.</summary>
    private bool IsUsable(INamedTypeSymbol type)
    {
        if (_usable.TryGetValue(type, out bool known))
        {
            return known;
        }

        _usable[type] = true;
        bool isHere = SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _assembly);
        if (!isHere && KnownAttributes.IsMessage(type))
        {
            return true;
        }

        // What is wrong with it is reported where it stands, not here; its own foreign types are found from there too.
        var parser = new MessageParser(_assembly, null, _cancellationToken);
        foreach (KeyValuePair<INamedTypeSymbol, bool> entry in _usable)
        {
            parser._usable[entry.Key] = entry.Value;
        }

        MessageModel? model = parser.ParseType(type);
        bool usable = model is not null && (isHere || model.IsReachable);
        _usable[type] = usable;
        if (!isHere && usable)
        {
            _foreign.Add(model! with { Foreign = default });
            _foreign.AddRange(model!.Foreign);
        }

        return usable;
    }

    private bool CheckType(INamedTypeSymbol type, bool isForeign)
    {
        string? reason = null;
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            reason ??= current.IsGenericType ? "generic, or inside a generic type"
                : current.IsFileLocal ? "local to its file"
                : null;
        }

        reason ??= type.IsStatic ? "static" : type.IsRefLikeType ? "a ref struct" : type.TypeKind is TypeKind.Enum or TypeKind.Delegate ? "neither class, struct nor interface" : null;
        if (isForeign && reason is null && !IsReachable(type))
        {
            reason = "private or protected, directly or through a type around it, and cannot be extended";
        }

        if (reason is not null)
        {
            Report(DiagnosticDescriptors.MessageTypeNotSupported, type, Display(type), reason);
            return false;
        }

        if (isForeign)
        {
            if (KnownAttributes.FindFormatter(type) is not null)
            {
                Report(DiagnosticDescriptors.CustomFormatter, type, Display(type));
                return false;
            }

            return true;
        }

        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            bool isPartial = current.DeclaringSyntaxReferences.All(reference =>
                reference.GetSyntax(_cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
            if (!isPartial)
            {
                Report(DiagnosticDescriptors.MessageNotPartial, type, Display(type));
                return false;
            }
        }

        if (KnownAttributes.FindFormatter(type) is not null)
        {
            Report(DiagnosticDescriptors.CustomFormatter, type, Display(type));
            return false;
        }

        return true;
    }

    private string? ParseAction(INamedTypeSymbol type, ref bool legal)
    {
        AttributeData attribute = KnownAttributes.Find(type, KnownAttributes.Message)!;
        if (attribute.ConstructorArguments.Length == 0 || attribute.ConstructorArguments[0].Value is not string action)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(action))
        {
            Report(DiagnosticDescriptors.EmptyMessageAction, type, Display(type), Names.Literal(action));
            legal = false;
            return null;
        }

        return action;
    }

    private EquatableArray<UnionCaseModel> ParseUnion(INamedTypeSymbol type, ref bool legal)
    {
        if (!type.IsAbstract && type.TypeKind != TypeKind.Interface)
        {
            Report(DiagnosticDescriptors.BadUnion, type, Display(type), "only abstract classes and interfaces can be unions");
            legal = false;
            return default;
        }

        var cases = new List<UnionCaseModel>();
        foreach (AttributeData attribute in KnownAttributes.UnionsOf(type))
        {
            if (attribute.ConstructorArguments.Length < 2 || attribute.ConstructorArguments[0].Value is not int key
                || attribute.ConstructorArguments[1].Value is not INamedTypeSymbol subType)
            {
                Report(DiagnosticDescriptors.BadUnion, type, Display(type), "a case needs a number and a type");
                legal = false;
                continue;
            }

            string? reason =
                cases.Any(other => other.Key == key) ? $"the key {key} stands for two types"
                : cases.Any(other => other.Type == MessageNames.TypeName(subType)) ? $"'{Display(subType)}' has two keys"
                : !DerivesFrom(subType, type) ? $"'{Display(subType)}' does not derive from it"
                : MessageNames.Serializer(subType, _assembly) is null ? $"'{Display(subType)}' is no message"
                : subType.IsAbstract || subType.TypeKind == TypeKind.Interface ? $"'{Display(subType)}' is abstract"
                : !IsUsable(subType) ? $"'{Display(subType)}' has errors of its own"
                : null;
            if (reason is not null)
            {
                Report(DiagnosticDescriptors.BadUnion, type, Display(type), reason);
                legal = false;
                continue;
            }

            int depth = 0;
            for (INamedTypeSymbol? current = subType; current is not null; current = current.BaseType)
            {
                depth++;
            }

            cases.Add(new UnionCaseModel(key, MessageNames.TypeName(subType), MessageNames.Serializer(subType, _assembly)!, depth));
        }

        if (cases.Count == 0 && legal)
        {
            Report(DiagnosticDescriptors.BadUnion, type, Display(type), "it is abstract and names no type with [Union]");
            legal = false;
        }

        return cases.OrderBy(item => item.Key).ToEquatableArray();
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
            IsUsable(named);
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

    /// <summary>Whether code of this assembly, outside the type, can name it.</summary>
    private bool IsReachable(ITypeSymbol type)
    {
        bool isHere = SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _assembly);
        return HasAccess(type, accessibility => accessibility == Accessibility.Public
            || (isHere && accessibility is (Accessibility.Internal or Accessibility.ProtectedOrInternal)), IsReachable);
    }

    /// <summary>Whether every assembly can name the type.</summary>
    private static bool IsPublic(ITypeSymbol type) => HasAccess(type, static accessibility => accessibility == Accessibility.Public, IsPublic);

    private static bool HasAccess(ITypeSymbol type, Func<Accessibility, bool> allows, Func<ITypeSymbol, bool> inner)
    {
        if (type is IArrayTypeSymbol array)
        {
            return inner(array.ElementType);
        }

        for (INamedTypeSymbol? current = type as INamedTypeSymbol; current is not null; current = current.ContainingType)
        {
            if (!allows(current.DeclaredAccessibility) || !current.TypeArguments.All(argument => argument is ITypeParameterSymbol || inner(argument)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol ancestor)
    {
        for (INamedTypeSymbol? current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, ancestor))
            {
                return true;
            }
        }

        return type.AllInterfaces.Contains(ancestor, SymbolEqualityComparer.Default);
    }

    private static string Display(ISymbol symbol) => symbol.ToDisplayString(DisplayFormat);

    private void Report(DiagnosticDescriptor rule, ISymbol where, params object?[] arguments) =>
        _report?.Invoke(Diagnostic.Create(rule, where.Locations.FirstOrDefault(location => location.IsInSource) ?? Location.None, arguments));
}

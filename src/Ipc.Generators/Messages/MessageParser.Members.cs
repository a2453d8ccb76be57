using System.Globalization;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Messages;

/// <content>Which members travel, in which order, and how an instance is made from them.</content>
internal sealed partial class MessageParser
{
    private const int LargestKey = 1023;

    private List<MemberModel> ParseMembers(INamedTypeSymbol type, bool isForeign, out bool isMap, out bool guarded)
    {
        List<Candidate> candidates = FindCandidates(type, isForeign);
        string[] travelling = candidates.Select(candidate => candidate.Symbol.Name).ToArray();
        isMap = isForeign && KnownAttributes.Find(type, KnownAttributes.MessagePackObject) is { ConstructorArguments: { Length: > 0 } arguments } && arguments[0].Value is true;
        guarded = false;
        AssignKeys(type, candidates, isForeign, ref isMap);

        IMethodSymbol? constructor = FindConstructor(type, candidates, isForeign);
        if (constructor is null && type.TypeKind != TypeKind.Struct)
        {
            Report(DiagnosticDescriptors.NoMessageConstructor, type, Display(type));
        }

        bool requires = constructor?.FindAttribute(KnownNames.SetsRequiredMembers) is null;
        foreach (ISymbol required in requires ? type.RequiredMembers().Where(member => !travelling.Contains(member.Name)) : [])
        {
            Report(DiagnosticDescriptors.RequiredMemberStays, required, required.Name, Display(type));
        }

        foreach (Candidate lost in candidates.Where(candidate => candidate.Parameter is null && !candidate.IsSettable && !candidate.HasKeyAttribute && constructor is not null))
        {
            ReportIfLost(lost, type);
        }

        // What can neither be given to the constructor nor be set, and has no value of its own, is computed from the rest.
        candidates.RemoveAll(candidate => candidate.Parameter is null && !candidate.IsSettable && !candidate.HasKeyAttribute);
        if (!HasExplicitKeys(candidates) && !isMap)
        {
            OrderByDeclaration(candidates, constructor is not null && IsPrimary(constructor));
        }

        var members = new List<MemberModel>(candidates.Count);
        foreach (Candidate candidate in candidates.OrderBy(candidate => candidate.Index))
        {
            if (KnownAttributes.FindFormatter(candidate.Symbol) is not null)
            {
                Report(DiagnosticDescriptors.CustomFormatter, candidate.Symbol, $"{Display(type)}.{candidate.Symbol.Name}");
                continue;
            }

            Diagnostic Unsupported(string advice) =>
                Error(DiagnosticDescriptors.MemberTypeNotSupported, candidate.Symbol, candidate.Symbol.Name, Display(type), Display(candidate.Type), advice);
            ValueModel? value = _values.Parse(candidate.Type, nested => Need(nested, Unsupported));
            if (value is null)
            {
                _diagnostics.Add(Unsupported("make it a [Message], use a supported type, or add [IgnoreMember]"));
                continue;
            }

            if (candidate.Parameter is null && !candidate.IsSettable)
            {
                Report(DiagnosticDescriptors.NoMessageConstructor, type, Display(type));
                continue;
            }

            // Where every instance has to name a member, its own initial value never holds.
            bool isRequired = requires && candidate.IsRequired;
            members.Add(new MemberModel(
                candidate.Symbol.Name,
                isMap ? members.Count : candidate.Index,
                candidate.Key,
                value,
                candidate.Parameter?.Name,
                candidate.Parameter is { HasExplicitDefaultValue: true } parameter ? Literals.Default(parameter) : null,
                candidate.Parameter is not null ? MemberAssignment.Constructor : candidate.IsInitOnly || candidate.IsRequired ? MemberAssignment.Initializer : MemberAssignment.Setter,
                candidate.Parameter is null && !isRequired && MayHaveOwnValue(candidate.Symbol, type),
                isRequired,
                candidate.Type is { IsReferenceType: true, NullableAnnotation: not NullableAnnotation.NotAnnotated }));
        }

        guarded = RunsUserCode(type, constructor, candidates);
        return members;
    }

    private List<Candidate> FindCandidates(INamedTypeSymbol type, bool isForeign)
    {
        var chain = new List<INamedTypeSymbol>();
        for (INamedTypeSymbol? current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            chain.Insert(0, current);
        }

        var found = new List<Candidate>();
        foreach (INamedTypeSymbol level in chain)
        {
            foreach (ISymbol symbol in level.GetMembers())
            {
                if (Read(symbol, type, isForeign) is not { } candidate)
                {
                    ReportUnreadable(symbol, type, isForeign);
                    continue;
                }

                candidate.KeyAttribute = KnownAttributes.FindKey(symbol) ?? FindParameterKey(level, symbol);
                bool isVisible = symbol.DeclaredAccessibility == Accessibility.Public || candidate.HasKeyAttribute;
                found.RemoveAll(other => other.Symbol.Name == symbol.Name);
                if (isVisible && !KnownAttributes.IsIgnored(symbol) && !IsParameterIgnored(level, symbol))
                {
                    candidate.Index = found.Count;
                    found.Add(candidate);
                }
            }
        }

        return found;
    }

    private Candidate? Read(ISymbol symbol, INamedTypeSymbol type, bool isForeign) => symbol switch
    {
        { Name: "EqualityContract" } => null,
        IPropertySymbol { IsStatic: false, IsIndexer: false, GetMethod: { } getter, ExplicitInterfaceImplementations.IsEmpty: true } property when CanReach(getter, type, isForeign) =>
            new(property, property.Type, property.SetMethod is { } setter && CanReach(setter, type, isForeign), property.SetMethod?.IsInitOnly == true, property.IsRequired),
        IFieldSymbol { IsStatic: false, IsConst: false, IsImplicitlyDeclared: false } field when CanReach(field, type, isForeign) =>
            new(field, field.Type, !field.IsReadOnly, false, field.IsRequired),
        _ => null,
    };

    /// <summary>A key says that the member travels. MessagePack-CSharp takes no notice of private ones unless the type allows them.</summary>
    private void ReportUnreadable(ISymbol symbol, INamedTypeSymbol type, bool isForeign)
    {
        bool travels = !isForeign || symbol.DeclaredAccessibility == Accessibility.Public
            || KnownAttributes.Find(type, KnownAttributes.MessagePackObject)?.NamedArguments.Any(argument => argument is { Key: "AllowPrivate", Value.Value: true }) == true;
        if (travels && symbol is IPropertySymbol or IFieldSymbol && KnownAttributes.FindKey(symbol) is not null && !KnownAttributes.IsIgnored(symbol))
        {
            Report(DiagnosticDescriptors.MemberNotAccessible, symbol, symbol.Name, Display(type));
        }
    }

    /// <summary>Emitted code stands inside our own types, but beside foreign ones.</summary>
    private bool CanReach(ISymbol member, INamedTypeSymbol type, bool isForeign)
    {
        if (member.DeclaredAccessibility == Accessibility.Public)
        {
            return true;
        }

        bool isHere = SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, _assembly);
        return member.DeclaredAccessibility switch
        {
            Accessibility.Internal => isHere,
            Accessibility.ProtectedOrInternal => isHere || !isForeign,
            Accessibility.Protected => !isForeign,
            Accessibility.ProtectedAndInternal => !isForeign && isHere,
            _ => !isForeign && SymbolEqualityComparer.Default.Equals(member.ContainingType, type),
        };
    }

    private static IParameterSymbol? PrimaryParameter(INamedTypeSymbol type, ISymbol member) =>
        member is IPropertySymbol && type.IsRecord
            ? type.InstanceConstructors.Where(IsPrimary).SelectMany(constructor => constructor.Parameters).FirstOrDefault(parameter => parameter.Name == member.Name)
            : null;

    private static AttributeData? FindParameterKey(INamedTypeSymbol type, ISymbol member) =>
        PrimaryParameter(type, member) is { } parameter ? KnownAttributes.FindKey(parameter) : null;

    private static bool IsParameterIgnored(INamedTypeSymbol type, ISymbol member) =>
        PrimaryParameter(type, member) is { } parameter && KnownAttributes.IsIgnored(parameter);

    private static bool IsPrimary(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax);

    private static bool HasExplicitKeys(List<Candidate> candidates) => candidates.Any(candidate => candidate.HasKeyAttribute);

    private void AssignKeys(INamedTypeSymbol type, List<Candidate> candidates, bool isForeign, ref bool isMap)
    {
        bool anyKey = HasExplicitKeys(candidates);
        bool anyText = candidates.Any(candidate => candidate.KeyValue is string);
        bool keyAsPropertyName = isMap;
        isMap |= anyText;
        var taken = new Dictionary<string, Candidate>(StringComparer.Ordinal);
        foreach (Candidate candidate in candidates.ToArray())
        {
            object? key = candidate.KeyValue;
            if (key is null && keyAsPropertyName)
            {
                key = candidate.Symbol.Name;
            }

            if (key is null)
            {
                if ((anyKey || isForeign) && (candidate.IsSettable || isForeign || PrimaryParameter(type, candidate.Symbol) is not null))
                {
                    bool computed = !candidate.IsSettable && PrimaryParameter(type, candidate.Symbol) is null;
                    if (!computed)
                    {
                        Report(DiagnosticDescriptors.KeyMissing, candidate.Symbol, candidate.Symbol.Name, Display(type));
                    }
                    else
                    {
                        ReportIfLost(candidate, type);
                    }

                    candidates.Remove(candidate);
                }
                else if (anyKey)
                {
                    ReportIfLost(candidate, type);
                    candidates.Remove(candidate);
                }

                continue;
            }

            string text = key is int number ? number.ToString(CultureInfo.InvariantCulture) : Names.Literal((string)key);
            if (key is int index)
            {
                candidate.Index = index;
                if (index is < 0 or > LargestKey)
                {
                    Report(DiagnosticDescriptors.KeyOutOfRange, candidate.Symbol, candidate.Symbol.Name, Display(type), text);
                }
            }

            candidate.Key = key as string ?? text;
            if (taken.TryGetValue(text, out Candidate? other))
            {
                Report(DiagnosticDescriptors.KeyReused, candidate.Symbol, other.Symbol.Name, candidate.Symbol.Name, Display(type), text);
            }
            else
            {
                taken.Add(text, candidate);
            }
        }
    }

    /// <summary>Without keys: the primary constructor's parameters in their order, then the members as they are declared.</summary>
    private static void OrderByDeclaration(List<Candidate> candidates, bool parametersFirst)
    {
        List<Candidate> ordered = candidates
            .OrderBy(candidate => parametersFirst ? candidate.Parameter?.Ordinal ?? int.MaxValue : 0)
            .ThenBy(candidate => candidate.Index)
            .ToList();
        for (int i = 0; i < ordered.Count; i++)
        {
            ordered[i].Index = i;
        }
    }

    /// <summary>The marked constructor, else the one with the most parameters that all match members.</summary>
    private IMethodSymbol? FindConstructor(INamedTypeSymbol type, List<Candidate> candidates, bool isForeign)
    {
        IEnumerable<IMethodSymbol> constructors = type.InstanceConstructors
            .Where(constructor => CanReach(constructor, type, isForeign) && !IsCopyConstructor(constructor, type))
            .OrderByDescending(KnownAttributes.IsSerializationConstructor)
            .ThenByDescending(IsPrimary)
            .ThenByDescending(constructor => constructor.Parameters.Length);
        foreach (IMethodSymbol constructor in constructors)
        {
            var matches = new List<KeyValuePair<Candidate, IParameterSymbol>>();
            bool all = true;
            foreach (IParameterSymbol parameter in constructor.Parameters)
            {
                Candidate? match = Match(parameter, candidates, isForeign);
                if (match is not null && parameter.RefKind is RefKind.None or RefKind.In)
                {
                    matches.Add(new(match, parameter));
                }
                else if (!parameter.IsOptional)
                {
                    all = false;
                    break;
                }
            }

            if (all && matches.Select(match => match.Key).Distinct().Count() == matches.Count)
            {
                foreach (KeyValuePair<Candidate, IParameterSymbol> match in matches)
                {
                    match.Key.Parameter = match.Value;
                }

                return constructor;
            }
        }

        return null;
    }

    private static Candidate? Match(IParameterSymbol parameter, List<Candidate> candidates, bool isForeign)
    {
        bool Fits(Candidate candidate) => SymbolEqualityComparer.Default.Equals(candidate.Type, parameter.Type);
        return candidates.FirstOrDefault(candidate => candidate.Symbol.Name == parameter.Name && Fits(candidate))
            ?? candidates.FirstOrDefault(candidate => string.Equals(candidate.Symbol.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && Fits(candidate))
            ?? (isForeign ? candidates.FirstOrDefault(candidate => candidate.HasKeyAttribute && candidate.Index == parameter.Ordinal && Fits(candidate)) : null);
    }

    private static bool IsCopyConstructor(IMethodSymbol constructor, INamedTypeSymbol type) =>
        type.IsRecord && constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);

    /// <summary>What can neither be given to a constructor nor be set is lost if it holds a value of its own; else it is computed from the rest.</summary>
    private void ReportIfLost(Candidate candidate, INamedTypeSymbol type)
    {
        if (candidate.Symbol is not IPropertySymbol property || IsAutomatic(property))
        {
            Report(DiagnosticDescriptors.MemberNotReadable, candidate.Symbol, candidate.Symbol.Name, Display(type));
        }
    }

    /// <summary>Whether the type may give the member a value of its own, which holds when the message has none.</summary>
    private static bool MayHaveOwnValue(ISymbol member, INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            if (current.InstanceConstructors.Any(constructor => !constructor.IsImplicitlyDeclared && !IsPrimary(constructor)))
            {
                return true;
            }
        }

        // The source of a member of another assembly is not there to be read.
        return member.DeclaringSyntaxReferences.IsEmpty || HasInitializer(member) || (member is IPropertySymbol property && RunsUserCode(property));
    }

    private static bool HasInitializer(ISymbol member) => member.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() switch
    {
        PropertyDeclarationSyntax property => property.Initializer is not null,
        VariableDeclaratorSyntax field => field.Initializer is not null,
        _ => false,
    });

    /// <summary>Whether code that a user wrote runs while an instance is made, so that its exceptions have to become one of ours.</summary>
    private static bool RunsUserCode(INamedTypeSymbol type, IMethodSymbol? constructor, List<Candidate> candidates)
    {
        bool constructs = constructor is { IsImplicitlyDeclared: false } && !IsPrimary(constructor);
        bool sets = candidates.Any(candidate => (candidate.Parameter is null || candidate.IsRequired) && candidate.Symbol is IPropertySymbol property && RunsUserCode(property));
        bool initializes = type.GetMembers().Any(HasInitializer);
        return constructs || sets || initializes || type.BaseType is { SpecialType: SpecialType.None };
    }

    /// <summary>Whether the setter is more than the compiler's own; with <c>field</c> it has a body and a backing field too.</summary>
    private static bool RunsUserCode(IPropertySymbol property) =>
        !IsAutomatic(property) || property.IsPartialDefinition || property.SetMethod is not { DeclaringSyntaxReferences: { Length: 1 } setter }
        || setter[0].GetSyntax() is not AccessorDeclarationSyntax { Body: null, ExpressionBody: null };

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    /// <summary>A member while it is being looked at.</summary>
    private sealed class Candidate(ISymbol symbol, ITypeSymbol type, bool isSettable, bool isInitOnly, bool isRequired)
    {
        public ISymbol Symbol { get; } = symbol;

        public ITypeSymbol Type { get; } = type;

        public bool IsSettable { get; } = isSettable;

        public bool IsInitOnly { get; } = isInitOnly;

        public bool IsRequired { get; } = isRequired;

        public AttributeData? KeyAttribute { get; set; }

        public bool HasKeyAttribute => KeyAttribute is not null;

        /// <summary>A number or a text.</summary>
        public object? KeyValue => KeyAttribute is { ConstructorArguments: { Length: > 0 } arguments } ? arguments[0].Value : null;

        public int Index { get; set; }

        public string Key { get; set; } = symbol.Name;

        public IParameterSymbol? Parameter { get; set; }
    }
}

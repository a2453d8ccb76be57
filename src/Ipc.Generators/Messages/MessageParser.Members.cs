using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <content>Which members travel, in which order, and how an instance is made from them.</content>
internal sealed partial class MessageParser
{
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
}

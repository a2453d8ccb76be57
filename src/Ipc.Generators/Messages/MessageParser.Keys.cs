using System.Globalization;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <content>Which key each member has.</content>
internal sealed partial class MessageParser
{
    private const int LargestKey = 1023;

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
}

using System.Collections.Concurrent;
using Ipc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <summary>
/// Reports what is wrong with messages, and with the types with MessagePack-CSharp's attributes that they, listeners and calls of the sender reach. One that
/// nothing reaches belongs to a program's other affairs, and may be as it likes.
/// </summary>
/// <param name="assembly">The assembly that is compiled.</param>
internal sealed class MessageReach(IAssemblySymbol assembly)
{
    private readonly MessageGraph _graph = MessageGraph.Of(assembly);
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _reported = new(SymbolEqualityComparer.Default);

    /// <summary>Looks at a type with [Message].</summary>
    public void Message(INamedTypeSymbol type, Action<Diagnostic> report, CancellationToken cancellationToken)
    {
        MessageVerdict verdict = _graph.Resolve(type, cancellationToken);
        foreach (Diagnostic diagnostic in verdict.Diagnostics)
        {
            report(diagnostic);
        }

        ReportOnce(verdict.Foreign, report, cancellationToken);
    }

    /// <summary>Looks at types that travel by themselves.</summary>
    /// <param name="types">The types.</param>
    /// <param name="place">Where they are named.</param>
    /// <param name="report">Takes what is wrong.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Travelling(IEnumerable<ITypeSymbol> types, Location place, Action<Diagnostic> report, CancellationToken cancellationToken)
    {
        foreach (INamedTypeSymbol type in types.OfType<INamedTypeSymbol>().Where(KnownAttributes.IsForeignMessage))
        {
            MessageVerdict verdict = _graph.Resolve(type, cancellationToken);
            if (verdict.Cause is { } cause)
            {
                report(Diagnostic.Create(
                    DiagnosticDescriptors.ForeignTypeRefused, place, type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), MessageGraph.Reason(cause)));
            }

            ReportOnce(verdict.Foreign, report, cancellationToken);
        }
    }

    /// <summary>What is wrong with the types of this assembly stands at them, once, however many places reach them.</summary>
    private void ReportOnce(IReadOnlyList<INamedTypeSymbol> types, Action<Diagnostic> report, CancellationToken cancellationToken)
    {
        foreach (INamedTypeSymbol type in types)
        {
            if (SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, assembly) && _reported.TryAdd(type.OriginalDefinition, true))
            {
                foreach (Diagnostic diagnostic in _graph.Resolve(type, cancellationToken).Diagnostics)
                {
                    report(diagnostic);
                }
            }
        }
    }
}

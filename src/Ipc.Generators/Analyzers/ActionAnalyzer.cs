using System.Collections.Concurrent;
using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners;
using Ipc.Generators.Listeners.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ipc.Generators.Analyzers;

/// <summary>Compares the actions of all listeners, those of referenced assemblies included, with each other and with what is sent.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ActionAnalyzer : IpcAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.DuplicateAnswer, DiagnosticDescriptors.NobodyListens];

    private protected override void Register(AnalysisContext context) =>
        context.RegisterCompilationStartAction(Start);

    private static void Start(CompilationStartAnalysisContext context)
    {
        if (context.Compilation.GetTypeByMetadataName(KnownNames.ListenerTable) is null)
        {
            return;
        }

        var listeners = new ConcurrentBag<(ListenerModel Model, Location Location)>();
        var sends = new ConcurrentBag<(string Action, Location Location)>();
        context.RegisterSymbolAction(symbol => Collect(symbol, listeners), SymbolKind.NamedType);
        context.RegisterOperationAction(operation => Collect(operation, sends), OperationKind.Invocation);
        context.RegisterCompilationEndAction(end =>
        {
            EquatableArray<ReferencedTable> references = ReferencedTables.Find(end.Compilation, end.CancellationToken);
            ReportDuplicates(end, listeners, references);
            if (AssemblyModels.IsExecutable(end.Compilation))
            {
                ReportUnheard(end, listeners, references, sends);
            }
        });
    }

    private static void Collect(SymbolAnalysisContext context, ConcurrentBag<(ListenerModel, Location)> listeners)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        AttributeData[] attributes = ListenerAttributes.Of(type);
        if (attributes.Length > 0 && new ListenerParser(type, report: null).Parse(attributes, context.CancellationToken) is { } model)
        {
            listeners.Add((model, type.Locations[0]));
        }
    }

    private static void Collect(OperationAnalysisContext context, ConcurrentBag<(string, Location)> sends)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (SendCall.TryRead(invocation) is { Action: { } action } call)
        {
            sends.Add((action, call.ActionSyntax.GetLocation()));
        }
    }

    private static void ReportDuplicates(
        CompilationAnalysisContext context, IEnumerable<(ListenerModel Model, Location Location)> listeners, EquatableArray<ReferencedTable> references)
    {
        var answered = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ReferencedTable table in references)
        {
            foreach (string action in table.AnsweredActions)
            {
                string owner = $"a listener of {table.AssemblyName}";
                if (!answered.TryGetValue(action, out string? other))
                {
                    answered.Add(action, owner);
                }
                else if (AssemblyModels.IsExecutable(context.Compilation))
                {
                    // Both are in referenced assemblies: the program that joins them has no better place to point at.
                    context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.DuplicateAnswer, Location.None, action, $"{other} and {owner}"));
                }
            }
        }

        foreach ((ListenerModel model, Location location) in listeners.OrderBy(l => l.Model.FullName, StringComparer.Ordinal))
        {
            foreach (string action in model.Rows.Where(r => r.Response is not null).Select(r => Action(r.EventName)).OfType<string>())
            {
                if (answered.TryGetValue(action, out string? other))
                {
                    context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.DuplicateAnswer, location, action, other));
                }
                else
                {
                    answered.Add(action, model.FullName);
                }
            }
        }
    }

    private static void ReportUnheard(
        CompilationAnalysisContext context,
        IEnumerable<(ListenerModel Model, Location Location)> listeners,
        EquatableArray<ReferencedTable> references,
        IEnumerable<(string Action, Location Location)> sends)
    {
        var heard = new HashSet<string>(references.SelectMany(t => t.Actions), StringComparer.Ordinal);
        heard.UnionWith(listeners.SelectMany(l => l.Model.Rows).Select(r => Action(r.EventName)).OfType<string>());
        foreach ((string action, Location location) in sends)
        {
            if (!heard.Contains(action))
            {
                context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.NobodyListens, location, action, Hint(action, heard)));
            }
        }
    }

    private static string Hint(string action, IEnumerable<string> heard)
    {
        if (action.StartsWith(KnownNames.MessageEventPrefix, StringComparison.Ordinal))
        {
            return "; an action is written without 'PIPE_MESSAGE.'";
        }

        string? near = heard.Where(h => EditDistance.IsAtMost(action, h, 2)).OrderBy(h => h, StringComparer.Ordinal).FirstOrDefault();
        return near is null ? "" : $"; did you mean '{near}'?";
    }

    private static string? Action(string eventName) => eventName.StartsWith(KnownNames.MessageEventPrefix, StringComparison.Ordinal)
        ? eventName.Substring(KnownNames.MessageEventPrefix.Length)
        : null;
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <summary>
/// The message types of a compilation and what they need of each other. Each type is read once, by itself; that it cannot travel then spreads backwards, to
/// the types that need it. Types that refer to each other in circles need no rule of their own.
/// </summary>
/// <remarks>Safe to use from any thread: two may read a type at the same time, with the same result.</remarks>
internal sealed class MessageGraph(IAssemblySymbol assembly)
{
    // One for each compilation, by its assembly; it goes with the compilation.
    private static readonly ConditionalWeakTable<IAssemblySymbol, MessageGraph> Graphs = new();

    private readonly ConcurrentDictionary<INamedTypeSymbol, MessageJudgement> _judgements = new(SymbolEqualityComparer.Default);
    private int _reads;

    /// <summary>How many types have been read.</summary>
    public int Reads => _reads;

    /// <summary>The graph of the assembly that code is emitted into.</summary>
    public static MessageGraph Of(IAssemblySymbol assembly) => Graphs.GetValue(assembly, static key => new MessageGraph(key));

    /// <summary>The first error of a type's cause, as part of another sentence.</summary>
    public static string Reason(Diagnostic cause) => $"correct that type first ({cause.Id}: {cause.GetMessage(CultureInfo.InvariantCulture)})";

    /// <summary>Decides about a type.</summary>
    /// <param name="root">A type with [Message], or with MessagePack-CSharp's attributes.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public MessageVerdict Resolve(INamedTypeSymbol root, CancellationToken cancellationToken)
    {
        var reached = new List<INamedTypeSymbol> { root };
        var seen = new HashSet<INamedTypeSymbol>(reached, SymbolEqualityComparer.Default);
        var users = new Dictionary<INamedTypeSymbol, List<INamedTypeSymbol>>(SymbolEqualityComparer.Default);
        var causes = new Dictionary<INamedTypeSymbol, Diagnostic>(SymbolEqualityComparer.Default);
        var unusable = new Queue<INamedTypeSymbol>();
        for (int i = 0; i < reached.Count; i++)
        {
            INamedTypeSymbol type = reached[i];
            MessageJudgement judgement = Judge(type, cancellationToken);
            if (judgement.Diagnostics.Count > 0)
            {
                causes.Add(type, judgement.Diagnostics[0]);
                unusable.Enqueue(type);
            }

            foreach (MessageNeed need in judgement.Needs)
            {
                if (seen.Add(need.Type))
                {
                    reached.Add(need.Type);
                }

                if (!users.TryGetValue(need.Type, out List<INamedTypeSymbol>? usersOf))
                {
                    users.Add(need.Type, usersOf = []);
                }

                usersOf.Add(type);
            }
        }

        while (unusable.Count > 0)
        {
            INamedTypeSymbol type = unusable.Dequeue();
            foreach (INamedTypeSymbol user in users.TryGetValue(type, out List<INamedTypeSymbol>? usersOf) ? usersOf : [])
            {
                if (!causes.ContainsKey(user))
                {
                    causes.Add(user, causes[type]);
                    unusable.Enqueue(user);
                }
            }
        }

        return Verdict(root, reached, causes, cancellationToken);
    }

    private MessageVerdict Verdict(
        INamedTypeSymbol root, List<INamedTypeSymbol> reached, Dictionary<INamedTypeSymbol, Diagnostic> causes, CancellationToken cancellationToken)
    {
        MessageJudgement judgement = Judge(root, cancellationToken);
        List<Diagnostic> diagnostics = [.. judgement.Diagnostics];
        foreach (MessageNeed need in judgement.Needs)
        {
            // In a circle a type needs itself: what is wrong with it is said already.
            bool isOther = !SymbolEqualityComparer.Default.Equals(need.Type, root);
            if (isOther && causes.TryGetValue(need.Type, out Diagnostic? reason) && !judgement.Diagnostics.Contains(reason))
            {
                diagnostics.Add(need.Missing(Reason(reason)));
            }
        }

        INamedTypeSymbol[] foreign = reached.Where(KnownAttributes.IsForeignMessage).ToArray();
        EquatableArray<MessageModel> others = foreign
            .Where(type => !causes.ContainsKey(type) && !SymbolEqualityComparer.Default.Equals(type, root))
            .Select(type => Judge(type, cancellationToken).Model!)
            .ToEquatableArray();
        causes.TryGetValue(root, out Diagnostic? cause);
        MessageModel? model = diagnostics.Count == 0 ? judgement.Model! with { Foreign = others }
            : judgement.Model is { IsForeign: false } extended ? extended.Refuse($"{diagnostics[0].Id}: {diagnostics[0].GetMessage(CultureInfo.InvariantCulture)}")
            : null;
        return new MessageVerdict(model, diagnostics, cause, foreign);
    }

    private MessageJudgement Judge(INamedTypeSymbol type, CancellationToken cancellationToken) => _judgements.GetOrAdd(type, added =>
    {
        Interlocked.Increment(ref _reads);
        return MessageParser.Judge(added, assembly, cancellationToken);
    });
}

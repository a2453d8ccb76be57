using Ipc.Contracts;
using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.JsonLines;

/// <summary>What a program's tables say about the actions that scripts name: what they take and answer. Immutable.</summary>
internal sealed class MethodTable
{
    private readonly Dictionary<string, MethodShape> _actions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _shortNames = new(StringComparer.Ordinal);

    /// <summary>Joins the tables, whichever processes their listeners run in.</summary>
    public MethodTable(IReadOnlyList<IpcWiringOptions> wirings)
    {
        ListenerTable[] tables = [.. ListenerRegistry.TablesOf(wirings).Keys];
        foreach (ContractCall call in tables.SelectMany(table => table.Contracts).SelectMany(contract => contract.Calls))
        {
            if (_actions.TryAdd(call.Action, new MethodShape(call.Action, call.Request.Shape, call.Response?.Shape)) && ShortNameOf(call.Action) is { } name)
            {
                (_shortNames.TryGetValue(name, out List<string>? same) ? same : _shortNames[name] = []).Add(call.Action);
            }
        }

        // A listener that answers says most, one that does not says what its message is, as the message does itself.
        foreach (ListenerDescriptor listener in tables.SelectMany(table => table.Listeners).Where(l => l.Action is not null).OrderBy(l => !l.Answers))
        {
            _actions.TryAdd(listener.Action!, new MethodShape(listener.Action!, listener.MessageSerializer.Shape, listener.ResponseSerializer?.Shape ?? MessageShape.Any));
        }

        foreach (MessageSerializer serializer in tables.SelectMany(table => table.Serializers).Where(s => s.Action is not null))
        {
            _actions.TryAdd(serializer.Action!, new MethodShape(serializer.Action!, serializer.Shape, MessageShape.Any));
        }
    }

    /// <summary>What an action takes and answers; any value where no table knows it.</summary>
    public MethodShape GetAction(string action) => _actions.GetValueOrDefault(action) ?? new MethodShape(action, MessageShape.Any, MessageShape.Any);

    /// <summary>What a method means: the action of that name, or the one method of all contracts whose short name it is. Another name is an action that no table knows.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.BadMessage"/>: several methods have that short name, or the method gives or takes a stream.</exception>
    public MethodShape GetMethod(string name)
    {
        if (!_actions.ContainsKey(name) && _shortNames.TryGetValue(name, out List<string>? meant))
        {
            name = meant.Count == 1
                ? meant[0]
                : throw new IpcException(IpcError.BadMessage, $"\"{name}\" may be any of {string.Join(", ", meant)}: use the whole name.");
        }

        MethodShape method = GetAction(name);
        return method.Response is not null ? method : throw new IpcException(
            IpcError.BadMessage, $"\"{method.Action}\" gives or takes a stream, which a line cannot carry.");
    }

    /// <summary>What somebody probably meant who used a name that nobody listens to.</summary>
    /// <param name="name">The name.</param>
    /// <param name="mayUse">Whether the client may use an action.</param>
    public string? Suggest(string name, Func<string, bool> mayUse) => ClosestName.Find(
        name, [.. _actions.Keys.Where(mayUse), .. _shortNames.Where(pair => pair.Value.Count == 1 && mayUse(pair.Value[0])).Select(pair => pair.Key)]) is { } best && best != name ? best : null;

    /// <summary><c>ICalculator.AddAsync</c> is <c>add</c> for short; an overload that has its parameters' types in its name has no short one.</summary>
    private static string? ShortNameOf(string action)
    {
        const string Suffix = "Async";
        if (action.Contains('(', StringComparison.Ordinal))
        {
            return null;
        }

        string name = action[(action.LastIndexOf('.') + 1)..];
        name = name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

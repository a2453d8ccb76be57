using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Ipc.Contracts;
using Ipc.Serialization;
using Ipc.Supervision;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Dispatch;

/// <summary>The joined tables of a program, as far as they concern one kind of process. Immutable.</summary>
internal sealed class ListenerRegistry
{
    private readonly FrozenDictionary<ulong, ActionEntry> _actions;
    private readonly FrozenDictionary<string, ActionEntry> _events;
    private readonly FrozenDictionary<Type, MessageSerializer> _serializers;

    private ListenerRegistry(
        Dictionary<ulong, ActionEntry> actions, IEnumerable<ActionEntry> events, Dictionary<Type, MessageSerializer> serializers, ContractTable contracts, IEnumerable<string> signatures)
    {
        Contracts = contracts;
        _actions = actions.ToFrozenDictionary();
        _events = events.ToFrozenDictionary(e => e.Action, StringComparer.Ordinal);
        _serializers = serializers.ToFrozenDictionary();
        Actions = new PeerActions(actions.Values.Select(a => a.Subscription?.Text ?? a.Action).Order(StringComparer.Ordinal)
            .Concat(actions.Values.Where(a => a.AllowsClients).Select(a => PeerActions.OpenToClients(a.Action)).Order(StringComparer.Ordinal))
            .Concat(signatures));
    }

    /// <summary>What this process tells the others that it listens to.</summary>
    public PeerActions Actions { get; }

    /// <summary>The contracts that this process can call and run.</summary>
    public ContractTable Contracts { get; }

    /// <summary>Joins the tables.</summary>
    /// <param name="wirings">One per call of <c>AddIpcWorkers</c>.</param>
    /// <param name="place">The kind of process.</param>
    /// <param name="served">The contracts that it runs.</param>
    /// <param name="maxItemSize">The most bytes of one item of their streams.</param>
    /// <exception cref="InvalidOperationException">Two listeners answer one action, two actions have one hash, or a contract is none.</exception>
    public static ListenerRegistry Create(IReadOnlyList<IpcWiringOptions> wirings, ListenerPlaces place, IEnumerable<ServedContract>? served = null, int maxItemSize = 0)
    {
        Dictionary<ListenerTable, bool> tables = TablesOf(wirings);
        var serializers = new Dictionary<Type, MessageSerializer>();
        var listeners = new List<ListenerDescriptor>();
        foreach ((ListenerTable table, bool withListeners) in tables)
        {
            foreach (MessageSerializer serializer in table.Serializers)
            {
                serializers.TryAdd(serializer.Type, serializer);
            }

            if (withListeners)
            {
                listeners.AddRange(table.Listeners.Where(l => (l.RunsIn & place) != 0));
            }
        }

        var contracts = new ContractTable(tables.Keys);
        listeners.AddRange(contracts.CreateListeners(served ?? [], maxItemSize));
        IEnumerable<string> signatures = (served ?? []).Select(s => s.Contract).Distinct()
            .SelectMany(contract => contracts.Get(contract).CreateSignatures())
            .Select(pair => PeerActions.SignatureOf(pair.Key, pair.Value));
        foreach (MessageSerializer serializer in contracts.Serializers)
        {
            serializers.TryAdd(serializer.Type, serializer);
        }

        // A program with an answer of its own to one of these is told that there are two.
        listeners.AddRange(ControlListeners.All.Where(l => (l.RunsIn & place) != 0));
        foreach (ListenerDescriptor listener in listeners.Concat(ControlListeners.All)) // those of other processes are asked from here
        {
            serializers.TryAdd(listener.MessageSerializer.Type, listener.MessageSerializer);
            if (listener.ResponseSerializer is { } response)
            {
                serializers.TryAdd(response.Type, response);
            }
        }

        var actions = new Dictionary<ulong, ActionEntry>();
        foreach (IGrouping<string, ListenerDescriptor> group in listeners.Where(l => l.Action is not null).GroupBy(l => l.Action!, StringComparer.Ordinal))
        {
            ListenerDescriptor[] ordered = InOrder(group);
            ThrowIfTwoAnswer(group.Key, ordered);
            ThrowIfTwoTakeTurns(ordered);
            var entry = new ActionEntry(group.Key, ordered[0].ActionHash, ordered);
            if (!actions.TryAdd(entry.Hash, entry))
            {
                throw new InvalidOperationException(
                    $"The actions \"{entry.Action}\" and \"{actions[entry.Hash].Action}\" have the same 64-bit hash. Rename one of them.");
            }
        }

        IEnumerable<ActionEntry> events = listeners.Where(l => l.Action is null)
            .GroupBy(l => l.EventName, StringComparer.Ordinal)
            .Select(group => new ActionEntry(group.Key, 0, InOrder(group)));
        return new ListenerRegistry(actions, events, serializers, contracts, signatures);
    }

    /// <summary>The tables of a program, and whether the listeners of each are wired.</summary>
    /// <param name="wirings">One per call of <c>AddIpcWorkers</c>.</param>
    public static Dictionary<ListenerTable, bool> TablesOf(IReadOnlyList<IpcWiringOptions> wirings)
    {
        var tables = new Dictionary<ListenerTable, bool>(ReferenceEqualityComparer.Instance as IEqualityComparer<ListenerTable>);
        foreach (IpcWiringOptions wiring in wirings)
        {
            Collect(wiring.Table, listeners: true, wiring.IncludeReferences, tables);
        }

        return tables;
    }

    public bool TryGet(ulong actionHash, [MaybeNullWhen(false)] out ActionEntry entry) => _actions.TryGetValue(actionHash, out entry);

    /// <summary>Who listens to an event that is no message between processes, such as <c>WORKER.READY</c>.</summary>
    public bool TryGetEvent(string eventName, [MaybeNullWhen(false)] out ActionEntry entry) => _events.TryGetValue(eventName, out entry);

    /// <summary>The serializer of a type that is known at the call.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public MessageSerializer<T> GetSerializer<T>() => (MessageSerializer<T>)GetSerializer(typeof(T));

    /// <summary>The serializer of a type.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public MessageSerializer GetSerializer(Type type)
    {
        if (_serializers.TryGetValue(type, out MessageSerializer? serializer))
        {
            return serializer;
        }

        return BuiltInSerializers.TryGet(type, out MessageSerializer? builtIn) ? builtIn : throw new InvalidOperationException(
            $"{type} has no serializer. Make it a partial type with [Message], or send a string, a number, byte[] or MessageBody.");
    }

    /// <summary>Has the runtime compile what the first message to each listener would have to wait for.</summary>
    public void Prepare()
    {
        foreach (ListenerDescriptor listener in _actions.Values.SelectMany(static e => e.Listeners))
        {
            listener.Prepare();
        }
    }

    /// <summary>Disposes every singleton that exists, whatever one of them throws.</summary>
    public async ValueTask DisposeSingletonsAsync(ILogger logger)
    {
        foreach (ActionEntry entry in _actions.Values.Concat(_events.Values))
        {
            await entry.DisposeSingletonsAsync(logger).ConfigureAwait(false);
        }
    }

    private static void Collect(ListenerTable table, bool listeners, bool references, Dictionary<ListenerTable, bool> tables)
    {
        bool known = tables.TryGetValue(table, out bool withListeners);
        tables[table] = withListeners || listeners;
        if (known && (withListeners || !listeners))
        {
            return;
        }

        foreach (ListenerTable reference in table.References)
        {
            Collect(reference, listeners && references, references, tables);
        }
    }

    private static ListenerDescriptor[] InOrder(IEnumerable<ListenerDescriptor> listeners) =>
        [.. listeners.OrderByDescending(l => l.Priority).ThenBy(l => l.ListenerType.FullName, StringComparer.Ordinal)];

    private static void ThrowIfTwoTakeTurns(ListenerDescriptor[] listeners)
    {
        if (listeners.Length > 1 && listeners[0].Subscription is { Queue: { } queue } subscription)
        {
            throw new InvalidOperationException(
                $"{listeners[0].ListenerType} and {listeners[1].ListenerType} both subscribe to \"{subscription.Pattern}\" with the queue \"{queue}\" in one process. A message of a queue has one listener: give one of them another queue, or another pattern.");
        }
    }

    private static void ThrowIfTwoAnswer(string action, ListenerDescriptor[] listeners)
    {
        ListenerDescriptor[] answering = Array.FindAll(listeners, l => l.Answers);
        if (answering.Length > 1)
        {
            throw new InvalidOperationException(
                $"{answering[0].ListenerType} and {answering[1].ListenerType} both answer \"{action}\". An action has one answer: make one of them an IListener<T> without an answer, or give it another action.");
        }
    }
}

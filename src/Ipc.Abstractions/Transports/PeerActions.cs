namespace Ipc.Transports;

/// <summary>The actions that a peer listens to, the topics that it has subscribed to, and the signatures of the contracts that it runs. Immutable; many peers share one instance.</summary>
public sealed class PeerActions
{
    /// <summary>Begins a text that is no action, but one with the signature of the contract's method behind it, after another one of these.</summary>
    private const char SignatureMark = '\u0002';

    /// <summary>Begins a text that is no action, but says of the one behind it that clients may send to it too.</summary>
    private const char OpenMark = '\u0004';

    private readonly HashSet<ulong> _hashes;
    private readonly HashSet<ulong> _closed;
    private readonly bool _isForClient;

    /// <summary>Makes the set.</summary>
    /// <param name="texts">Actions without <c>PIPE_MESSAGE.</c>, texts of <see cref="TopicSubscription"/>, and what <see cref="SignatureOf"/> and <see cref="OpenToClients"/> make.</param>
    /// <param name="forClient">Whether it is for a client: then <see cref="Contains"/> is false of what clients may not send to.</param>
    public PeerActions(IEnumerable<string> texts, bool forClient = false)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Texts = [.. texts];
        Names = Texts.Any(IsMarked) ? [.. Texts.Where(text => !IsMarked(text))] : Texts;
        Signatures = Texts.Where(IsSignature)
            .Select(text => text.Split(SignatureMark, 3))
            .Where(parts => parts.Length == 3)
            .DistinctBy(parts => parts[1], StringComparer.Ordinal)
            .ToDictionary(parts => parts[1], parts => parts[2], StringComparer.Ordinal);
        Subscriptions = [.. Texts.Select(text => TopicSubscription.TryParse(text, out TopicSubscription? subscription) ? subscription : null)
            .OfType<TopicSubscription>()
            .DistinctBy(subscription => subscription.ActionHash)];
        _hashes = [.. Names.Select(ActionHash.Compute), .. Subscriptions.Select(subscription => subscription.ActionHash)];
        _closed = [];
        _isForClient = forClient;
        if (forClient)
        {
            HashSet<ulong> open = [.. Texts.Where(IsOpening).Select(text => ActionHash.Compute(text[1..]))];
            _closed = [.. _hashes.Where(hash => !open.Contains(hash))];
            _hashes.ExceptWith(_closed);
        }
    }

    private PeerActions(PeerActions own, IReadOnlyList<TopicSubscription> more)
    {
        Texts = [.. own.Texts, .. more.Select(subscription => subscription.Text)];
        Names = own.Names;
        Signatures = own.Signatures;
        Subscriptions = [.. own.Subscriptions.Concat(more).DistinctBy(subscription => subscription.ActionHash)];
        IEnumerable<ulong> begun = more.Select(subscription => subscription.ActionHash);
        _isForClient = own._isForClient;
        _hashes = _isForClient ? own._hashes : [.. own._hashes, .. begun];
        _closed = _isForClient ? [.. own._closed, .. begun] : own._closed;
    }

    /// <summary>Listens to nothing.</summary>
    public static PeerActions None { get; } = new([]);

    /// <summary>All that was said.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The actions, for "did you mean".</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All that was said but the signatures, which inform and are not needed.</summary>
    public IReadOnlyList<string> Needed => [.. Texts.Where(text => !IsSignature(text))];

    /// <summary>The topics that it has subscribed to.</summary>
    public IReadOnlyList<TopicSubscription> Subscriptions { get; }

    /// <summary>The signatures of the methods of contracts that run there, by their actions; from texts that may be anything.</summary>
    public IReadOnlyDictionary<string, string> Signatures { get; }

    /// <summary>These, and subscriptions that have begun at run time.</summary>
    public PeerActions With(IReadOnlyList<TopicSubscription> subscriptions)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        return subscriptions.Count == 0 ? this : new PeerActions(this, subscriptions);
    }

    /// <summary>The text that tells a method's signature.</summary>
    /// <param name="action">The method's action.</param>
    /// <param name="signature">What it takes and gives.</param>
    public static string SignatureOf(string action, string signature) => $"{SignatureMark}{action}{SignatureMark}{signature}";

    /// <summary>The text that says that clients may send to an action.</summary>
    public static string OpenToClients(string action) => $"{OpenMark}{action}";

    /// <summary>Whether there is a listener for the action, or a subscription with it.</summary>
    public bool Contains(ulong actionHash) => _hashes.Contains(actionHash);

    /// <summary>Whether there is one that this process, a client, may not send to.</summary>
    public bool IsClosed(ulong actionHash) => _closed.Contains(actionHash);

    private static bool IsMarked(string text) => IsSignature(text) || IsOpening(text) || TopicSubscription.IsText(text);

    private static bool IsOpening(string text) => text.StartsWith(OpenMark);

    private static bool IsSignature(string text) => text.StartsWith(SignatureMark);
}

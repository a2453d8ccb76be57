namespace Ipc.Options;

/// <summary>What one key of the section <c>Ipc</c> may hold: a value, or further keys.</summary>
/// <param name="Allowed">What it must be, in words; <c>{0}</c> is its own key.</param>
internal sealed record OptionName(string Allowed)
{
    private static readonly Dictionary<string, OptionName> None = [];

    /// <summary>Whether a text is one of its values; <see langword="null"/> when it holds keys and no value.</summary>
    public Func<string, bool>? Accepts { get; init; }

    /// <summary>The keys that it holds, by name, capitals aside.</summary>
    public IReadOnlyDictionary<string, OptionName> Members { get; init; } = None;

    /// <summary>What each key holds where names are free; <see langword="null"/> where they are not.</summary>
    public OptionName? AnyMember { get; init; }

    /// <summary>What the key must be.</summary>
    public string AllowedAt(string key) => Allowed.Replace("{0}", key, StringComparison.Ordinal);
}

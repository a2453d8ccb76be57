using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Ipc;

/// <summary>Text values that travel beside a message. Immutable once made; keys compare by ordinal.</summary>
public sealed class MessageHeaders : IReadOnlyDictionary<string, string>
{
    private readonly Dictionary<string, string> _values;

    /// <summary>Copies <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">A key stands twice, or a value is <see langword="null"/>.</exception>
    public MessageHeaders(IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = new(StringComparer.Ordinal);
        foreach ((string key, string value) in values)
        {
            _values.Add(key, value ?? throw new ArgumentException($"The header \"{key}\" has no value.", nameof(values)));
        }
    }

    /// <summary>No headers.</summary>
    public static MessageHeaders Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _values.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => _values.Values;

    /// <inheritdoc/>
    public string this[string key] => _values[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

using System.Diagnostics.CodeAnalysis;

namespace Ipc.Messaging;

/// <summary>What is thrown here instead of a <see cref="RemoteException"/>, by the type that was thrown there. Immutable.</summary>
internal sealed class ExceptionMappings
{
    private readonly Dictionary<string, Func<RemoteException, Exception>> _mappings = new(StringComparer.Ordinal);

    /// <summary>Of several mappings of one type the last one counts, as of several registrations of a service.</summary>
    public ExceptionMappings(IEnumerable<ExceptionMapping> mappings)
    {
        foreach (ExceptionMapping mapping in mappings)
        {
            _mappings[mapping.TypeName] = mapping.Create;
        }
    }

    /// <summary>None.</summary>
    public static ExceptionMappings None { get; } = new([]);

    /// <summary>Whether there is a mapping. Runs no code of the user's.</summary>
    public bool TryGet(RemoteException error, [NotNullWhen(true)] out Func<RemoteException, Exception>? create) => _mappings.TryGetValue(error.TypeName, out create);
}

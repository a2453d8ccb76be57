using System.Globalization;
using Ipc.Transports.Interop;

namespace Ipc.Transports;

/// <summary>Where an endpoint's socket is. Endpoint and clients have to come to the same answer, whatever their environment: neither <c>TMPDIR</c> nor <c>XDG_RUNTIME_DIR</c> is asked.</summary>
public static class EndpointPath
{
    /// <summary>What a name of an endpoint or a client may be, for errors.</summary>
    public const string NameRule = "1 to 64 letters, digits, '.', '-' or '_'";

    private const int MaxNameLength = 64;
    private const int MaxPathLength = 107; // bytes of sockaddr_un.sun_path, and a zero

    /// <summary>The folder of a user's endpoints: <c>/tmp/ipc-</c> and the user's number.</summary>
    /// <param name="userId">The number of the user; <see langword="null"/> for this process's.</param>
    public static string FolderOf(uint? userId = null) => string.Create(CultureInfo.InvariantCulture, $"/tmp/ipc-{userId ?? Libc.EffectiveUserId()}");

    /// <summary>The socket of an endpoint.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="name">The endpoint's name.</param>
    /// <exception cref="ArgumentException">The name is none, the folder is not absolute, or both are too long for a socket.</exception>
    public static string Of(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!IsName(name))
        {
            throw new ArgumentException($"The endpoint is \"{name}\"; it has {NameRule}.", nameof(name));
        }

        string path = Path.Combine(folder, $"{name}.sock");
        return !Path.IsPathFullyQualified(folder)
            ? throw new ArgumentException($"The endpoint's folder is \"{folder}\"; it has to be an absolute path.", nameof(folder))
            : System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathLength
            ? throw new ArgumentException($"The endpoint's socket would be {path}, and a socket's path has at most {MaxPathLength} bytes: choose a shorter folder.", nameof(folder))
            : path;
    }

    /// <summary>Whether it is a name of an endpoint or a client.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && name is not ("." or "..");
}

using Microsoft.Extensions.Configuration;

namespace Ipc.Options;

/// <summary>Finds what the binder would ignore (names that are no options) or refuse in its own words (values of another kind).</summary>
internal static class SectionCheck
{
    /// <summary>Every mistake, each in one sentence that begins with its key.</summary>
    /// <param name="section">The section.</param>
    /// <param name="names">What it may hold.</param>
    public static IReadOnlyList<string> Find(IConfigurationSection section, OptionName names)
    {
        var errors = new List<string>();
        Check(section, names, errors);
        return errors;
    }

    private static void Check(IConfigurationSection key, OptionName name, List<string> errors)
    {
        // An empty value means "not set" to the binder, and is how some sources write a key without any below it.
        if (key.Value is { Length: > 0 } value && name.Accepts?.Invoke(value) != true)
        {
            errors.Add($"{key.Path} is \"{value}\"; it must be {name.AllowedAt(key.Path)}.");
        }

        foreach (IConfigurationSection child in key.GetChildren())
        {
            if ((name.AnyMember ?? name.Members.GetValueOrDefault(child.Key)) is { } known)
            {
                Check(child, known, errors);
            }
            else
            {
                errors.Add(Unknown(child, key, name));
            }
        }
    }

    /// <summary>What programs of this kind have elsewhere, and this one refuses.</summary>
    private static readonly string[] Detaching = ["Daemonize", "Daemon", "Detach", "Detached"];

    private static string Unknown(IConfigurationSection child, IConfigurationSection key, OptionName name)
    {
        if (Detaching.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        {
            return $"{child.Path} is not an option: a supervisor does not detach itself from what starts it. Let systemd, a container or a Windows service start it and keep it (docs/deploy.md).";
        }

        if (name.Members.Count == 0)
        {
            return $"{child.Path} is not an option: {key.Path} must be {name.AllowedAt(key.Path)}.";
        }

        if (ClosestName.Find(child.Key, name.Members.Keys) is { } meant)
        {
            return $"{child.Path} is not an option. Did you mean \"{meant}\"?";
        }

        string[] names = [.. name.Members.Keys];
        return $"{child.Path} is not an option. The options there are {string.Join(", ", names[..^1])} and {names[^1]}.";
    }
}

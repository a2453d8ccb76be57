using System.Globalization;
using Ipc.Serialization;

namespace Ipc.JsonLines;

/// <summary>
/// Targets as scripts write them: <c>all</c>, <c>any</c>, <c>any:web</c>, <c>group:web</c>, <c>supervisor</c>, <c>clients</c>, <c>clients:shop</c>, <c>client:shop</c>, <c>web/1</c>,
/// <c>web/1,3</c>; one incarnation as it names itself, <c>web/1#2</c> or <c>client shop#7</c>.
/// </summary>
internal static class TargetText
{
    /// <summary>Reads a target.</summary>
    /// <exception cref="MessageFormatException">The text is none.</exception>
    public static Target Parse(string text) => text switch
    {
        "all" => Target.All,
        "any" => Target.Any(),
        "supervisor" => Target.Supervisor,
        _ when After(text, "any:") is { } group => Target.Any(group),
        _ when After(text, "group:") is { } group => Target.Group(group),
        "clients" => Target.Clients(),
        _ when After(text, "clients:") is { } name => Target.Clients(name),
        _ when After(text, "client:") is { } name => Target.Client(name),
        _ => (After(text, "client ") is { } client ? ParseClient(client) : ParseWorkers(text)) ?? throw new MessageFormatException(
            $"\"{text}\" is no target; there are: all, any, any:GROUP, group:GROUP, GROUP/ID, GROUP/ID,ID, GROUP/ID#INCARNATION, supervisor, clients, clients:NAME, client:NAME and \"client NAME#NUMBER\"."),
    };

    private static string? After(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length ? text[prefix.Length..] : null;

    private static Target? ParseClient(string text)
    {
        int mark = text.LastIndexOf('#');
        return mark > 0 && TryParse(text[(mark + 1)..], out int number) ? Target.Peer(PeerId.Client(text[..mark], number)) : null;
    }

    private static Target? ParseWorkers(string text)
    {
        int slash = text.LastIndexOf('/');
        if (slash <= 0)
        {
            return null;
        }

        string group = text[..slash];
        string[] parts = text[(slash + 1)..].Split('#');
        if (parts.Length == 2)
        {
            return TryParse(parts[0], out int id) && TryParse(parts[1], out int incarnation) ? Target.Peer(PeerId.Worker(group, id, incarnation)) : null;
        }

        var ids = new List<int>();
        foreach (string part in parts.Length == 1 ? parts[0].Split(',') : [])
        {
            if (!TryParse(part, out int id))
            {
                return null;
            }

            ids.Add(id);
        }

        return ids.Count == 0 ? null : Target.Workers(group, ids.ToArray());
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

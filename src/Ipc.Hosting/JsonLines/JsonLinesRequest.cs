using System.Text.Json;
using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.JsonLines;

/// <summary>What a line asks for. Valid as long as the line's document.</summary>
/// <param name="Verb">What is to be done.</param>
/// <param name="Name">The name of the client, action or method.</param>
internal sealed record JsonLinesRequest(JsonLinesVerb Verb, string Name)
{
    private const string IdMember = "rid";
    private const int MaxIdLength = 128;
    private const int MaxNameLength = 1024;
    private const int MaxActions = 1024;

    /// <summary>The members that say what is to be done, and those that each may have beside it.</summary>
    private static readonly Dictionary<string, string[]> Verbs = new(StringComparer.Ordinal)
    {
        ["register"] = ["actions"],
        ["action"] = ["data", "target"],
        ["method"] = ["args", "target", "timeout"],
    };

    private static readonly string[] Names = [IdMember, .. Verbs.Keys, .. Verbs.Values.SelectMany(names => names).Distinct()];

    /// <summary>What a client that registers listens to.</summary>
    public IReadOnlyList<string> Actions { get; private init; } = [];

    /// <summary>The message, or the arguments; <see langword="null"/> when there are none.</summary>
    public JsonElement? Body { get; private init; }

    /// <summary>Who is meant.</summary>
    public Target Target { get; private init; }

    /// <summary>How long to wait for the answer; <see langword="null"/> when nothing is said.</summary>
    public TimeSpan? Timeout { get; private init; }

    /// <summary>What the answer to a line repeats, as JSON; <see langword="null"/> when the line has none.</summary>
    /// <exception cref="MessageFormatException">It is neither a number nor a text, or too long.</exception>
    public static string? ReadId(JsonElement line)
    {
        if (!line.TryGetProperty(IdMember, out JsonElement id) || id.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return id.ValueKind is JsonValueKind.Number or JsonValueKind.String && id.GetRawText() is { Length: <= MaxIdLength } text
            ? text
            : throw new MessageFormatException($"\"{IdMember}\" has to be a number or a text, of at most {MaxIdLength} characters.");
    }

    /// <summary>Reads the rest of a line.</summary>
    /// <exception cref="MessageFormatException">It is not as <c>docs/protocol.md</c> says.</exception>
    public static JsonLinesRequest Read(JsonElement line)
    {
        Dictionary<string, JsonElement> members = ReadMembers(line);
        string[] verbs = [.. Verbs.Keys.Where(members.ContainsKey)];
        if (verbs.Length != 1)
        {
            throw new MessageFormatException($"A line has exactly one of the members {string.Join(", ", Verbs.Keys)}; this one has {verbs.Length}.");
        }

        string verb = verbs[0];
        if (members.Keys.FirstOrDefault(name => name != IdMember && name != verb && !Verbs[verb].Contains(name)) is { } other)
        {
            throw new MessageFormatException($"A line with \"{verb}\" has no member \"{other}\"; it may have: {string.Join(", ", Verbs[verb])}.");
        }

        string name = ReadName(verb, members[verb]);
        Target target = members.TryGetValue("target", out JsonElement who) ? TargetText.Parse(ReadName("target", who)) : default;
        switch (verb)
        {
            case "register":
                return new JsonLinesRequest(JsonLinesVerb.Register, name) { Actions = members.TryGetValue("actions", out JsonElement actions) ? ReadActions(actions) : [] };
            case "action":
                return new JsonLinesRequest(JsonLinesVerb.Action, ReadAction(name)) { Body = Find(members, "data"), Target = target };
            default:
                if (!members.ContainsKey(IdMember))
                {
                    throw new MessageFormatException($"A line with \"method\" needs a \"{IdMember}\", which its answer repeats.");
                }

                if (target.Kind is TargetKind.All or TargetKind.Group or TargetKind.Clients || target.WorkerIds.Length > 1)
                {
                    throw new MessageFormatException($"A method is called in one process, and {target} may be several; \"any:GROUP\" is one of a group.");
                }

                return new JsonLinesRequest(JsonLinesVerb.Method, ReadAction(name))
                {
                    Body = Find(members, "args"),
                    Target = target,
                    Timeout = members.TryGetValue("timeout", out JsonElement timeout) ? ReadTimeout(timeout) : null,
                };
        }
    }

    /// <summary>The members by name; of names that there are, so that there are few.</summary>
    private static Dictionary<string, JsonElement> ReadMembers(JsonElement line)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in line.EnumerateObject())
        {
            if (!Names.Contains(property.Name))
            {
                string suggestion = ClosestName.Find(property.Name, Names) is { } best ? $" Did you mean \"{best}\"?" : $" There are: {string.Join(", ", Names)}.";
                throw new MessageFormatException($"There is no member \"{property.Name}\".{suggestion}");
            }

            if (!members.TryAdd(property.Name, property.Value))
            {
                throw new MessageFormatException($"The member \"{property.Name}\" stands twice in one line.");
            }
        }

        return members;
    }

    private static JsonElement? Find(Dictionary<string, JsonElement> members, string name) => members.TryGetValue(name, out JsonElement value) ? value : null;

    private static string ReadName(string member, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxNameLength } name
            ? name
            : throw new MessageFormatException($"\"{member}\" has to be a text of 1 to {MaxNameLength} characters.");

    /// <summary>A name with control characters is none: what tells more about actions in a greeting begins with one.</summary>
    private static string ReadAction(string name) => name.Any(char.IsControl)
        ? throw new MessageFormatException("The name of an action has no control characters.")
        : name.StartsWith(ListenerDescriptor.MessageEventPrefix, StringComparison.Ordinal)
        ? throw new MessageFormatException($"\"{name}\" is an event; its action is \"{name[ListenerDescriptor.MessageEventPrefix.Length..]}\".")
        : name;

    private static string[] ReadActions(JsonElement actions)
    {
        if (actions.ValueKind != JsonValueKind.Array || actions.GetArrayLength() > MaxActions)
        {
            throw new MessageFormatException($"\"actions\" has to be an array of at most {MaxActions} texts.");
        }

        return [.. actions.EnumerateArray().Select(action => ReadAction(ReadName("actions", action))).Distinct(StringComparer.Ordinal)];
    }

    private static TimeSpan ReadTimeout(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int milliseconds) && milliseconds > 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new MessageFormatException("\"timeout\" has to be a whole number of milliseconds, at least 1.");
}

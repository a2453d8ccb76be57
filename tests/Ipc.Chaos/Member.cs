using System.Globalization;

namespace Ipc.Chaos;

/// <summary>One process of the cluster, as the name of its ledger file says it.</summary>
/// <param name="Slot">Its worker id, for example <c>task/1</c>, or <c>supervisor</c>.</param>
/// <param name="Incarnation">How often that id has been started.</param>
internal sealed record Member(string Slot, int Incarnation, int ProcessId, string File)
{
    public bool IsSupervisor => Slot == "supervisor";

    /// <summary>The name by which listeners know it as a sender.</summary>
    public string Name => IsSupervisor ? Slot : $"{Slot}#{Incarnation}";

    /// <summary>All that have begun a file, in the order of their incarnations.</summary>
    public static List<Member> All(string folder) =>
        [.. Directory.GetFiles(folder, "*.log").Select(Parse).OrderBy(m => m.Slot, StringComparer.Ordinal).ThenBy(m => m.Incarnation)];

    private static Member Parse(string file)
    {
        string[] name = Path.GetFileName(file).Split('.');
        string[] parts = name[0].Split('-');
        int processId = int.Parse(name[1], CultureInfo.InvariantCulture);
        return parts.Length == 1 ? new(parts[0], 1, processId, file) : new($"{parts[0]}/{parts[1]}", int.Parse(parts[2], CultureInfo.InvariantCulture), processId, file);
    }
}

using System.Globalization;

namespace Ipc.Chaos;

/// <summary>A line of a member's ledger file.</summary>
internal readonly record struct LedgerLine(Member Member, int Index, char Kind, long Microseconds, string[] Rest)
{
    public string Action => Rest[0];

    public int Number => int.Parse(Rest[1], CultureInfo.InvariantCulture);

    /// <summary>All whole lines of a file; a kill may have torn the last one.</summary>
    public static IEnumerable<LedgerLine> Read(Member member)
    {
        using var reader = new StreamReader(new FileStream(member.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string text = reader.ReadToEnd();
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            string[] parts = lines[i].Split(' ');
            yield return new(member, i, parts[0][0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2..]);
        }
    }

    public override string ToString() => $"{Member.Name} line {Index + 1}: {Kind} {Microseconds} {string.Join(' ', Rest)}";
}

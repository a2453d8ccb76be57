using System.Globalization;
using System.Text.RegularExpressions;

namespace Ipc.Chaos;

/// <summary>A line of the supervisor's log that says that messages were lost.</summary>
/// <param name="Receiver">The incarnation that ended.</param>
/// <param name="Sender">Who had sent them.</param>
/// <param name="Action">Null where it is not known.</param>
internal sealed partial record LostReport(int Count, string Receiver, string Sender, string? Action)
{
    /// <summary>The worker id that ended.</summary>
    public string Slot => Receiver.Split('#')[0];

    public static IEnumerable<LostReport> Read(IEnumerable<string> output) =>
        from line in output
        let match = Line().Match(line)
        where match.Success
        let action = match.Groups[4].Value
        select new LostReport(
            int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match.Groups[1].Value, match.Groups[3].Value, action == "not known" ? null : action);

    [GeneratedRegex(@"Messages for (\S+) were lost: (\d+) \(sender (\S+), action ([^)]*)\)")]
    private static partial Regex Line();
}

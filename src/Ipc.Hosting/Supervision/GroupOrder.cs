using Microsoft.Extensions.Options;

namespace Ipc.Supervision;

/// <summary>The order in which groups start.</summary>
internal static class GroupOrder
{
    /// <summary>The groups, each behind those that it depends on; else in the order given.</summary>
    /// <exception cref="OptionsValidationException">A group depends on one that there is not, or on itself, by way of others or not.</exception>
    public static IReadOnlyList<GroupPlan> Sort(IReadOnlyList<GroupPlan> groups)
    {
        ThrowIfAny([.. groups.SelectMany(group => group.Options.DependsOn.Select(needed => Unknown(group, needed, groups)).OfType<string>())]);
        var sorted = new List<GroupPlan>();
        var waiting = new List<GroupPlan>();
        foreach (GroupPlan group in groups)
        {
            Visit(group);
        }

        return sorted;

        void Visit(GroupPlan group)
        {
            if (sorted.Contains(group))
            {
                return;
            }

            if (waiting.IndexOf(group) is var first and >= 0)
            {
                string circle = string.Join(", which waits for ", waiting[first..].Append(group).Select(g => $"\"{g.Name}\""));
                ThrowIfAny([$"{group.Option}:DependsOn goes round in a circle, in which no group could start first: {circle}."]);
            }

            waiting.Add(group);
            foreach (string needed in group.Options.DependsOn)
            {
                Visit(groups.First(g => string.Equals(g.Name, needed, StringComparison.Ordinal)));
            }

            waiting.RemoveAt(waiting.Count - 1);
            sorted.Add(group);
        }
    }

    private static string? Unknown(GroupPlan group, string needed, IReadOnlyList<GroupPlan> groups)
    {
        string[] known = [.. groups.Select(g => g.Name)];
        return known.Contains(needed, StringComparer.Ordinal)
            ? null
            : $"{group.Option}:DependsOn names \"{needed}\", a group that there is not. The groups of this cluster are: {string.Join(", ", known)}."
                + (ClosestName.Find(needed, known) is { } best ? $" Did you mean \"{best}\"?" : "");
    }

    private static void ThrowIfAny(string[] errors)
    {
        if (errors.Length > 0)
        {
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(IpcOptions), errors);
        }
    }
}

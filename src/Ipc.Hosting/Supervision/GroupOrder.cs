using Microsoft.Extensions.Options;

namespace Ipc.Supervision;

/// <summary>The order in which groups start.</summary>
internal static class GroupOrder
{
    /// <summary>The groups, each behind those that it depends on; else in the order given.</summary>
    /// <exception cref="OptionsValidationException">A group depends on one that there is not, or on itself, by way of others or not.</exception>
    public static IReadOnlyList<GroupPlan> Sort(IReadOnlyList<GroupPlan> groups)
    {
        GroupCheck.ThrowIfAny(
        [
            .. groups.SelectMany(group => group.Options.DependsOn.Except(groups.Select(g => g.Name), StringComparer.Ordinal).Select(needed =>
                $"{group.Option}:DependsOn names \"{needed}\", {GroupCheck.NoSuchGroup(needed, groups)}")),
        ]);
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
                GroupCheck.ThrowIfAny([$"{group.Option}:DependsOn goes round in a circle, in which no group could start first: {circle}."]);
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
}

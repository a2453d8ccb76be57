using Ipc.Options;
using Ipc.Processes;
using Microsoft.Extensions.Options;

namespace Ipc.Supervision;

/// <summary>Looks for what the groups need, before anything is started: what is missing is a mistake to say at once, not something to try again.</summary>
internal static class GroupCheck
{
    /// <summary>Refuses groups whose program or folder does not exist.</summary>
    /// <exception cref="OptionsValidationException">With a sentence for each mistake, which begins with the option.</exception>
    public static void ThrowIfUnusable(IReadOnlyList<GroupPlan> groups)
    {
        var errors = new List<string>();
        foreach (GroupPlan group in groups)
        {
            if (WorkerCommand.Find(group, out string? problem) is null)
            {
                errors.Add(problem!);
            }

            CheckFolder(group, errors);
            CheckUser(group, Environment.IsPrivilegedProcess, errors);
        }

        ThrowIfAny(errors);
    }

    /// <summary>Refuses services for workers of groups that do not exist: they would never run, and nobody would know.</summary>
    /// <param name="named">The groups that <c>OnWorkers</c> was called with.</param>
    /// <param name="groups">The groups that there are.</param>
    /// <exception cref="OptionsValidationException">With a sentence for each.</exception>
    public static void ThrowIfUnknown(IEnumerable<string> named, IReadOnlyList<GroupPlan> groups)
    {
        ThrowIfAny(
        [
            .. named.Except(groups.Select(g => g.Name), StringComparer.Ordinal).Select(name =>
                $"OnWorkers(\"{name}\", ...) names {NoSuchGroup(name, groups)} Or set {GroupPlan.OptionOf(name)}:Count; 0 when it has no workers here."),
        ]);
    }

    /// <summary>Refuses options of the default group where there is none: they would have no effect, and nobody would know.</summary>
    /// <exception cref="OptionsValidationException">With their names.</exception>
    public static void ThrowIfIgnored(IpcOptions options)
    {
        if (GroupPlan.HasDefaultGroup(options))
        {
            return;
        }

        string option = GroupPlan.OptionOf(Target.DefaultGroup);
        string[] changed = [.. ChangedOptions.Of(options.Workers).Select(name => $"{option}:{name}")];
        bool isOne = changed.Length == 1;
        ThrowIfAny(changed.Length == 0 ? [] :
        [
            $"{string.Join(" and ", changed)} {(isOne ? "is" : "are")} set for the group \"{Target.DefaultGroup}\", which this cluster does not have: Ipc:Groups names others, and {option}:Count is not set. "
                + $"Set {option}:Count to have it, or set the {(isOne ? "option" : "options")} for the groups that there are ({string.Join(", ", options.Groups.Keys.Order(StringComparer.Ordinal).Select(GroupPlan.OptionOf))}).",
        ]);
    }

    /// <summary>What a sentence says of a name that no group has, from "a group" on.</summary>
    public static string NoSuchGroup(string name, IReadOnlyList<GroupPlan> groups)
    {
        string[] known = [.. groups.Select(g => g.Name)];
        return $"a group that there is not. The groups of this cluster are: {string.Join(", ", known)}."
            + (ClosestName.Find(name, known) is { } best ? $" Did you mean \"{best}\"?" : "");
    }

    /// <summary>Ends the start with every mistake that was found.</summary>
    /// <exception cref="OptionsValidationException">There is one.</exception>
    public static void ThrowIfAny(IReadOnlyCollection<string> errors)
    {
        if (errors.Count > 0)
        {
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(IpcOptions), errors);
        }
    }

    /// <summary>Looks whether the workers' user exists and this process may start processes of it.</summary>
    internal static void CheckUser(GroupPlan group, bool isRoot, List<string> errors)
    {
        if (group.Options.User is not { Length: > 0 } name || !OperatingSystem.IsLinux())
        {
            return;
        }

        if (UnixUser.Find(name) is not { } user)
        {
            errors.Add($"{group.Option}:User is \"{name}\"; there is no user of that name.");
        }
        else if (!isRoot && user.Id != UnixUser.CurrentId)
        {
            errors.Add($"{group.Option}:User is \"{name}\"; only root can start workers of another user, and the supervisor runs as \"{Environment.UserName}\". "
                + $"Leave it out, or start the supervisor as root or as \"{name}\".");
        }
    }

    private static void CheckFolder(GroupPlan group, List<string> errors)
    {
        if (group.Options.WorkingDirectory is not { Length: > 0 } folder || Directory.Exists(folder))
        {
            return;
        }

        string reason = File.Exists(folder) ? "that is a file, not a folder."
            : Path.IsPathFullyQualified(folder) ? "there is no such folder."
            : $"there is no such folder ({Path.GetFullPath(folder)}).";
        errors.Add($"{group.Option}:WorkingDirectory is \"{folder}\"; {reason}");
    }
}

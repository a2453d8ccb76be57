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
        }

        if (errors.Count > 0)
        {
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(IpcOptions), errors);
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

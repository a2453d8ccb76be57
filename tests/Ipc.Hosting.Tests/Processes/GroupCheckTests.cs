using Ipc.Supervision;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What the supervisor looks at before it starts anything.</summary>
public sealed class GroupCheckTests
{
    [Fact]
    public void Services_for_workers_of_a_group_that_there_is_not_are_refused_with_the_groups_that_there_are()
    {
        GroupPlan[] groups = [new("web", 2, new IpcGroupOptions()), new("task", 0, new IpcGroupOptions())];
        GroupCheck.ThrowIfUnknown(["web", "task", "web"], groups);

        string[] failures = [.. Assert.Throws<OptionsValidationException>(() => GroupCheck.ThrowIfUnknown(["wbe", "task", "gateway", "worker"], groups)).Failures];

        Assert.Equal(
            [
                "OnWorkers(\"wbe\", ...) names a group that there is not. The groups of this cluster are: web, task. Did you mean \"web\"? Or set Ipc:Groups:wbe:Count; 0 when it has no workers here.",
                "OnWorkers(\"gateway\", ...) names a group that there is not. The groups of this cluster are: web, task. Or set Ipc:Groups:gateway:Count; 0 when it has no workers here.",
                "OnWorkers(\"worker\", ...) names a group that there is not. The groups of this cluster are: web, task. Or set Ipc:Workers:Count; 0 when it has no workers here.",
            ],
            failures);
    }

    [Fact]
    public void Options_of_the_group_worker_where_there_is_none_are_a_mistake_and_with_its_count_they_are_none()
    {
        var options = new IpcOptions { Workers = { HangTimeout = TimeSpan.FromSeconds(5), Restart = { Limit = 1 } }, Groups = { ["web"] = new(), ["task"] = new() } };

        Assert.Equal(
            [
                "Ipc:Workers:Restart and Ipc:Workers:HangTimeout are set for the group \"worker\", which this cluster does not have: Ipc:Groups names others, and Ipc:Workers:Count is not set. "
                + "Set Ipc:Workers:Count to have it, or set the options for the groups that there are (Ipc:Groups:task, Ipc:Groups:web).",
            ],
            Assert.Throws<OptionsValidationException>(() => GroupCheck.ThrowIfIgnored(options)).Failures);

        options.Workers.Count = 0;
        GroupCheck.ThrowIfIgnored(options);
        options.Workers.Count = null;
        options.Groups.Clear();
        GroupCheck.ThrowIfIgnored(options);
    }

    [Theory]
    [InlineData("worker", "Ipc:Workers")]
    [InlineData("task", "Ipc:Groups:task")]
    public void A_program_by_its_full_path_that_does_not_exist_is_said_to_be_missing(string group, string option)
    {
        Assert.Equal([$"{option}:Program is \"/no/such/program\"; there is no such file."], Failures(group, o => o.Program = "/no/such/program"));
    }

    [Fact]
    public void A_program_by_its_name_is_said_to_be_where_it_was_looked_for()
    {
        string failure = Assert.Single(Failures("task", o => o.Program = "No.Such.Program"));

        Assert.StartsWith("Ipc:Groups:task:Program is \"No.Such.Program\"; it is neither beside this program (", failure, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, "workers", "task"), failure, StringComparison.Ordinal);
        Assert.Contains("<IpcWorkerProject Include=\"...\" Group=\"task\" />", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_program_and_a_file_is_no_folder()
    {
        using var script = new WorkerScript("");

        Assert.Equal(
            [
                $"Ipc:Workers:Program is \"{script.Folder}\"; that is a folder, not a program.",
                $"Ipc:Workers:WorkingDirectory is \"{script.FilePath}\"; that is a file, not a folder.",
            ],
            Failures("worker", o => (o.Program, o.WorkingDirectory) = (script.Folder, script.FilePath)));
    }

    [Fact]
    public void A_file_that_may_not_be_executed_is_no_program()
    {
        using var script = new WorkerScript("#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(
            [$"Ipc:Workers:Program is \"{script.FilePath}\"; the file may not be executed (chmod +x permits it)."],
            Failures("worker", o => o.Program = script.FilePath));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_said_to_be_missing_with_its_full_path()
    {
        Assert.Equal(
            [$"Ipc:Groups:task:WorkingDirectory is \"no-such-folder\"; there is no such folder ({Path.GetFullPath("no-such-folder")})."],
            Failures("task", o => o.WorkingDirectory = "no-such-folder"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_user_that_there_is_not_is_said_to_be_missing(bool isRoot)
    {
        Assert.Equal(["Ipc:Groups:task:User is \"no-such-user\"; there is no user of that name."], UserFailures("no-such-user", isRoot));
    }

    [Fact]
    public void Workers_of_another_user_need_a_supervisor_that_is_root()
    {
        string other = Environment.UserName == "nobody" ? "daemon" : "nobody";

        Assert.Equal([], UserFailures(other, isRoot: true));
        Assert.Equal([], UserFailures(Environment.UserName, isRoot: false));
        Assert.Equal([], UserFailures("", isRoot: false));
        Assert.Equal(
            [
                $"Ipc:Groups:task:User is \"{other}\"; only root can start workers of another user, and the supervisor runs as \"{Environment.UserName}\". "
                + $"Leave it out, or start the supervisor as root or as \"{other}\".",
            ],
            UserFailures(other, isRoot: false));
    }

    [Fact]
    public void Every_mistake_of_every_group_is_said_at_once()
    {
        GroupPlan[] groups = [Plan("worker", o => o.WorkingDirectory = "/no/such/folder"), Plan("task", o => o.Program = "/no/such/program"), Plan("web", _ => { })];

        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => GroupCheck.ThrowIfUnusable(groups));

        Assert.Equal(2, error.Failures.Count());
    }

    [Fact]
    public void A_group_with_its_program_and_folder_passes()
    {
        using var script = new WorkerScript("#!/bin/sh\n");

        Assert.Equal([], Failures("task", o => (o.Program, o.WorkingDirectory) = (script.FilePath, script.Folder)));
        Assert.Equal([], Failures("worker", o => o.WorkingDirectory = ""));
    }

    private static IEnumerable<string> Failures(string group, Action<IpcGroupOptions> configure)
    {
        try
        {
            GroupCheck.ThrowIfUnusable([Plan(group, configure)]);
            return [];
        }
        catch (OptionsValidationException e)
        {
            return e.Failures;
        }
    }

    private static List<string> UserFailures(string user, bool isRoot)
    {
        var failures = new List<string>();
        GroupCheck.CheckUser(Plan("task", o => o.User = user), isRoot, failures);
        return failures;
    }

    private static GroupPlan Plan(string group, Action<IpcGroupOptions> configure)
    {
        var options = new IpcGroupOptions();
        configure(options);
        return new GroupPlan(group, 1, options);
    }
}

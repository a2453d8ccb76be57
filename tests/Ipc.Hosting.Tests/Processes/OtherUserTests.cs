using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Workers of another user than the supervisor's.</summary>
public sealed class OtherUserTests
{
    private const string Other = "nobody";
    private const int SigKill = 9;

    [Fact]
    public async Task A_supervisor_that_is_root_starts_workers_as_another_user_and_one_that_is_not_says_so()
    {
        // Built files may be in a folder that only their owner may enter.
        string folder = Path.Combine("/var/tmp", $"ipc-tests-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        LetEverybodyRead(folder);
        string temporary = Path.Combine(folder, "tmp"); // what a killed runtime leaves goes with the folder
        Directory.CreateDirectory(temporary);
        LetEverybody(temporary, (UnixFileMode)0b111_111_111);
        try
        {
            foreach (string file in Directory.GetFiles(Path.GetDirectoryName(PublishedWorker.Original)!))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
                LetEverybodyRead(Path.Combine(folder, Path.GetFileName(file)));
            }

            await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
                "dotnet",
                [
                    ClusterProcess.AppPath("Ipc.Hosting.TestApp"),
                    "--Ipc:Workers:Count=1",
                    "--Ipc:Groups:other:Count=1",
                    $"--Ipc:Groups:other:User={Other}",
                    $"--Ipc:Groups:other:Program={Path.Combine(folder, Path.GetFileName(PublishedWorker.Original))}",
                    "--Ipc:Groups:other:WorkingDirectory=/",
                    $"--Ipc:Groups:other:Environment:TMPDIR={temporary}",
                ]);
            if (!Environment.IsPrivilegedProcess)
            {
                Assert.NotEqual(0, await cluster.ExitAsync());
                Assert.Contains($"Ipc:Groups:other:User is \"{Other}\"; only root can start workers of another user", cluster.Output, StringComparison.Ordinal);
                return;
            }

            await cluster.WaitForLineAsync(l => l.EndsWith("is ready", StringComparison.Ordinal) && l.StartsWith("supervisor", StringComparison.Ordinal));
            Dictionary<string, int> workers = await cluster.WorkersAsync();
            Assert.Equal(3, workers.Values.Append(cluster.ProcessId).Distinct().Count());
            Assert.Equal(("65534", "65534", ""), Credentials(workers["other/0"]));
            Assert.Equal("0", Credentials(workers["worker/0"]).User);
            Assert.Equal("0", Credentials(cluster.ProcessId).User);
            Assert.Contains("worker x1 pids ", cluster.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("pipes (", cluster.Output, StringComparison.Ordinal); // shared memory, between two users
            Assert.Contains("variable=/nonexistent ", await cluster.CommandAsync("who HOME"), StringComparison.Ordinal);

            ClusterProcess.Signal(workers["other/0"], SigKill);
            await cluster.WaitForLineAsync(l => l.Contains("other/0#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));
            Assert.StartsWith("other/0#2 ", await cluster.CommandAsync("ask other/0"), StringComparison.Ordinal);

            // It ends with its supervisor, though that is not its user's.
            int successor = (await cluster.WorkersAsync())["other/0"];
            ClusterProcess.Signal(cluster.ProcessId, SigKill);
            await ClusterProcess.UntilAsync(() => !ClusterProcess.IsAlive(successor), "the worker is gone", TimeSpan.FromSeconds(1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void LetEverybodyRead(string path) => LetEverybody(path, (UnixFileMode)0b111_101_101);

    private static void LetEverybody(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>The effective user and group, and the further groups, as the kernel tells.</summary>
    private static (string User, string Group, string Groups) Credentials(int processId)
    {
        Dictionary<string, string[]> status = File.ReadLines($"/proc/{processId}/status").Select(l => l.Split(':', 2)).ToDictionary(l => l[0], l => l[1].Trim().Split('\t'));
        return (status["Uid"][1], status["Gid"][1], string.Join(' ', status["Groups"]).Replace("65534", "", StringComparison.Ordinal).Trim());
    }
}

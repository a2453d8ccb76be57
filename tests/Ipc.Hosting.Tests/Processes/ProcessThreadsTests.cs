using System.Diagnostics;
using System.Globalization;
using Ipc.Processes;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Whether a thread of a process can still run.</summary>
public sealed class ProcessThreadsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void Threads_that_live_and_a_process_that_is_not_there_are_not_exiting()
    {
        Assert.False(ProcessThreads.Of(Environment.ProcessId).AreAllExiting());
        Assert.False(ProcessThreads.Of(int.MaxValue).AreAllExiting());
    }

    [Fact]
    public void Every_thread_of_a_process_that_has_ended_and_is_still_there_is_exiting()
    {
        // The first child of the shell ends, and who the shell has become asks for no child's end.
        using Process parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]) { RedirectStandardOutput = true })!;
        try
        {
            int child = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            Assert.NotEqual(parent.Id, child);
            Assert.True(SpinWait.SpinUntil(() => ProcessThreads.Of(child).AreAllExiting(), TimeSpan.FromSeconds(20)));
            Assert.False(ProcessThreads.Of(parent.Id).AreAllExiting());
        }
        finally
        {
            parent.Kill();
        }
    }

    [Theory]
    [InlineData("7 (a) S 1 7 7 0 -1 4194564 0", "8 (a) S 1 7 7 0 -1 4194564 0", true)]
    [InlineData("7 (a) S 1 7 7 0 -1 4194564 0", "8 (a) S 1 7 7 0 -1 4194560 0", false)]
    [InlineData("7 (a) S 1 7 7 0 -1 4 0", "8 (a) S 4 4) R 1 7 7 0 -1 4194304 0", false)]
    [InlineData("7 (a) S 1 7 7 0 -1 4 0", "8 (a) S", false)]
    public void One_thread_that_is_not_exiting_is_enough(string first, string second, bool expected)
    {
        Add("7", first);
        Add("8", second);

        Assert.Equal(expected, new ProcessThreads(_folder).AreAllExiting());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Add(string thread, string stat)
    {
        Directory.CreateDirectory(Path.Combine(_folder, thread));
        File.WriteAllText(Path.Combine(_folder, thread, "stat"), stat);
    }
}

using Ipc.Processes;
using Ipc.Transports.Memory;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Who was killed for want of memory, by counters that a test writes.</summary>
public sealed class OomKillsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Theory]
    [InlineData("0::/a/b\n", "a/b/memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill {0}\n")]
    [InlineData("4:memory:/a/b\n0::/\n", "memory/a/b/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill {0}\n")]
    [InlineData("4:memory:/outside/of/the/container\n0::/\n", "memory/memory.oom_control", "oom_kill {0}\n")]
    public void A_kill_is_explained_by_a_counter_that_has_risen_and_each_rise_explains_one(string membership, string counter, string text)
    {
        File.WriteAllText(Path.Combine(_folder, "cgroup"), membership);
        string file = Path.Combine(_folder, counter);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        Count(7);
        var kills = new OomKills(_ => new Cgroup(Path.Combine(_folder, "cgroup"), _folder));
        string? found = kills.Find(1);

        Assert.Equal(file, found);
        Assert.False(kills.Explain(found));
        Count(8);
        Assert.Equal(file, kills.Find(2)); // another worker starts meanwhile
        Assert.True(kills.Explain(found));
        Assert.False(kills.Explain(found)); // killed by somebody else
        Count(10);
        Assert.True(kills.Explain(found));
        Assert.True(kills.Explain(found));
        Assert.False(kills.Explain(found));
        File.Delete(file);
        Assert.False(kills.Explain(found));

        void Count(int kills) => File.WriteAllText(file, text.Replace("{0}", $"{kills}", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nothing_counts_nothing_is_explained()
    {
        var kills = new OomKills(_ => new Cgroup(Path.Combine(_folder, "not there"), _folder));

        Assert.Null(kills.Find(1));
        Assert.False(kills.Explain(null));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

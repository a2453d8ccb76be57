using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>The files of the test program's load: one for each worker, to which it appends what it is sent.</summary>
internal sealed partial class LoadFiles(int workers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    /// <summary>What the names of the files begin with.</summary>
    public string Prefix => Path.Combine(_folder, "worker-");

    /// <summary>Waits until each worker has handled another hundred messages or so.</summary>
    public async Task FlowAsync()
    {
        long[] before = Lengths();
        await ClusterProcess.UntilAsync(() => Lengths().Zip(before).All(l => l.First >= l.Second + 500), "messages flow to every worker");
    }

    /// <summary>Every message that was sent was handled, once and in order, and no request has failed.</summary>
    /// <param name="result">What the program says when its load has stopped.</param>
    /// <param name="failures">A pattern of what may have failed instead, and why.</param>
    public void AssertHandled(string result, string failures = "0")
    {
        Match match = ResultPattern().Match(result);
        Assert.True(match.Success, result);
        Assert.Matches($"^{failures}$", match.Groups[3].Value);
        Assert.True(failures != "0" || match.Groups[2].Value != "0", result); // under a flood a request may wait for as long as there is one
        int[] sent = [.. match.Groups[1].Value.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        Assert.True(SpinWait.SpinUntil(() => Enumerable.Range(0, workers).All(w => Lines(w).Length >= sent[w]), TimeSpan.FromSeconds(30)), result);
        for (int worker = 0; worker < workers; worker++)
        {
            Assert.Equal(Enumerable.Range(0, sent[worker]).Select(n => $"{n}"), Lines(worker));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private long[] Lengths() => [.. Enumerable.Range(0, workers).Select(w => new FileInfo($"{Prefix}{w}") is { Exists: true } file ? file.Length : 0)];

    private string[] Lines(int worker)
    {
        string file = $"{Prefix}{worker}";
        return File.Exists(file) ? File.ReadAllText(file).Split('\n')[..^1] : [];
    }

    [GeneratedRegex(@"^([\d,]+) asked=(\d+) failed=(.*)$")]
    private static partial Regex ResultPattern();
}

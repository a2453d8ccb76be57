using System.Globalization;
using Ipc.Hosting.Tests.Processes;
using Xunit;

namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>What the processes of one cluster gave OpenTelemetry's SDK to export, from its start to its end. See the program's <c>Script</c>.</summary>
public sealed class ExportedCluster : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ipc-exports-");

    public int Supervisor { get; private set; }

    /// <summary>The process of worker 1 that was killed, and the one that succeeded it.</summary>
    public int Victim { get; private set; }

    public int Successor { get; private set; }

    public IReadOnlyList<ExportedSpan> Spans { get; private set; } = [];

    public IReadOnlyList<ExportedMetric> Metrics { get; private set; } = [];

    public async Task InitializeAsync()
    {
        string app = ClusterProcess.AppPath("Ipc.Hosting.TelemetryApp");
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting("dotnet", [app, "--exports", _folder.FullName]);
        Supervisor = cluster.ProcessId;
        int code = await cluster.ExitAsync();
        Assert.True(code == 0, cluster.Output);
        var spans = new List<ExportedSpan>();
        var metrics = new List<ExportedMetric>();
        foreach (FileInfo file in _folder.GetFiles())
        {
            int processId = int.Parse(Path.GetFileNameWithoutExtension(file.Name), CultureInfo.InvariantCulture);
            foreach (string[] line in File.ReadAllLines(file.FullName).Select(l => l.Split('\t')))
            {
                switch (line[0])
                {
                    case "span":
                        spans.Add(new ExportedSpan(processId, line[1], line[2], line[3], line[4], line[5], line[6], line[7]));
                        break;
                    case "metric":
                        metrics.Add(new ExportedMetric(
                            processId, line[1], line[2], double.Parse(line[3], CultureInfo.InvariantCulture), double.Parse(line[4], CultureInfo.InvariantCulture), line[5]));
                        break;
                    default:
                        string[] pair = line[1].Split(' ');
                        Victim = int.Parse(pair[0], CultureInfo.InvariantCulture);
                        Successor = int.Parse(pair[1], CultureInfo.InvariantCulture);
                        break;
                }
            }
        }

        Spans = spans;
        Metrics = metrics;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Delete(recursive: true);
}

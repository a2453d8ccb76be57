using System.Diagnostics;
using System.Globalization;

namespace Ipc.Benchmarks.Comparison;

/// <summary>Two Node processes that call each other in JSON lines over a Unix socket (node/calls.mjs), as a demo without any library does it.</summary>
internal sealed class NodeCalls : IDisposable
{
    private readonly Process _process;

    private NodeCalls(Process process, string[] about)
    {
        _process = process;
        (Version, ServerId) = (about[0], int.Parse(about[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Node's version.</summary>
    public string Version { get; }

    /// <summary>The process that calls.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The process that answers.</summary>
    public int ServerId { get; }

    /// <summary>Starts both.</summary>
    /// <param name="inFlight">How many calls are under way at a time.</param>
    public static NodeCalls Start(int inFlight)
    {
        var info = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "node", "calls.mjs"), inFlight.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(info)!;
        return new NodeCalls(process, (process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("node/calls.mjs did not start.")).Split(' '));
    }

    /// <summary>Calls for a time.</summary>
    /// <returns>Calls a second.</returns>
    public async Task<double> MeasureAsync(int milliseconds)
    {
        await _process.StandardInput.WriteLineAsync(milliseconds.ToString(CultureInfo.InvariantCulture));
        await _process.StandardInput.FlushAsync();
        return double.Parse((await _process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}

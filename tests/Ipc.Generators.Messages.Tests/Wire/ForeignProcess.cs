using System.Diagnostics;

namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>A running interpreter with a foreign MessagePack implementation; a missing one fails the test.</summary>
internal sealed class ForeignProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ForeignProcess(string program, string script)
    {
        _process = Process.Start(new ProcessStartInfo(program, script)
        {
            WorkingDirectory = WireFolder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Python with Debian's python3-msgpack, or node with @msgpack/msgpack.</summary>
    public static ForeignProcess Start(string language) => language == "python"
        ? new ForeignProcess("/usr/bin/python3", "live.py")
        : new ForeignProcess("node", "live.mjs");

    /// <summary>Sends a value; the answer is the value as they write it, and what they saw, as JSON.</summary>
    public async Task<(byte[] Bytes, string Json)> ExchangeAsync(byte[] value)
    {
        string? line = null;
        try
        {
            await _process.StandardInput.WriteLineAsync(Convert.ToHexString(value));
            await _process.StandardInput.FlushAsync();
            line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
        }
        catch (IOException)
        {
            // The process is gone; its own words follow.
        }

        if (line is null)
        {
            Assert.Fail($"{_process.StartInfo.FileName} {_process.StartInfo.Arguments} ended; was tests/wire/install.sh run? {await _errors.WaitAsync(Deadline)}");
        }

        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return (Convert.FromHexString(line[..space]), line[(space + 1)..]);
    }

    public void Dispose()
    {
        _process.StandardInput.Dispose();
        if (!_process.WaitForExit(Deadline))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}

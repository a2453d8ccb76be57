using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Real clusters that get no shared memory, or not enough of it: they work over pipes and say why.</summary>
public sealed class SharedMemoryRefusalTests
{
    /// <summary>Becomes a program for which the kernel refuses memfd_create, as the seccomp filters of some containers do.</summary>
    private const string WithoutMemfd = """
        import ctypes, os, struct, sys
        number = {'x86_64': 319, 'aarch64': 279}[os.uname().machine]
        code = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7fff0000)]
        filter = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *line) for line in code))
        class Program(ctypes.Structure):
            _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
        libc = ctypes.CDLL(None)
        assert libc.prctl(38, 1, 0, 0, 0) == 0
        assert libc.prctl(22, 2, ctypes.byref(Program(len(code), ctypes.addressof(filter))), 0, 0) == 0
        os.execvp(sys.argv[1], sys.argv[1:])
        """;

    [Fact]
    public async Task Where_memfd_is_refused_pipes_carry_the_messages_and_the_log_says_why()
    {
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "python3", ["-c", WithoutMemfd, "dotnet", ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "--Ipc:Workers:Count=2"]);
        await cluster.WaitForLineAsync(l => l.EndsWith("is ready", StringComparison.Ordinal) && l.StartsWith("supervisor", StringComparison.Ordinal));

        Assert.StartsWith("worker/1#1 ", await cluster.CommandAsync("relay 0 1"), StringComparison.Ordinal);
        await cluster.WaitForLineAsync(l => l.Contains("worker x2 pids", StringComparison.Ordinal) && l.Contains("pipes (", StringComparison.Ordinal));
        Assert.Contains("memfd_create", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_limit_of_shared_memory_is_reached_pipes_carry_the_rest_and_the_log_names_the_option()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=3", "--Ipc:SharedMemoryLimit=6000000");

        for (int from = 0; from < 3; from++)
        {
            for (int to = 0; to < 3; to++)
            {
                Assert.StartsWith($"worker/{to}#1 ", await cluster.CommandAsync($"relay {from} {to}"), StringComparison.Ordinal);
            }
        }

        await cluster.WaitForLineAsync(l => l.Contains("Ipc:SharedMemoryLimit (6,000,000 bytes) is reached", StringComparison.Ordinal));
    }
}

using Microsoft.Extensions.Hosting;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

/// <summary>Looks at all that the test process has open, so nothing else may run meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class BuildTests
{
    [Fact]
    public void AddIpcWorkers_and_Build_start_no_process_open_no_socket_and_make_no_file()
    {
        string[] before = OpenDescriptors();

        using (IHost host = BuildProcessesHost())
        {
            Assert.False(host.IsIpcWorker());
            Assert.DoesNotContain(
                OpenDescriptors().Except(before), d => d.StartsWith("socket:", StringComparison.Ordinal) || d.Contains("memfd", StringComparison.Ordinal));
        }
    }

    private static IHost BuildProcessesHost()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddIpcWorkers(o => o.Workers.Count = 2);
        return builder.Build();
    }

    private static string[] OpenDescriptors() => [.. Directory.GetFiles("/proc/self/fd").Select(f => new FileInfo(f).LinkTarget ?? "")];
}

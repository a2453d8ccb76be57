using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ipc.Processes;
using Ipc.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Where supervision meets what ties workers to their supervisor, which each system does in its own way; processes are real, their ties are not.</summary>
public sealed class LifelineTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly FakeLifeline _lifeline = new();
    private readonly ProcessLauncher _launcher;

    public LifelineTests() => _launcher = new ProcessLauncher(new WorkerOutput(NullLoggerFactory.Instance, _services), _lifeline, NullLogger.Instance);

    [Theory]
    [InlineData("linux", "LinuxLifeline")]
    [InlineData("macos", "MacLifeline")]
    [InlineData("windows", "WindowsLifeline")]
    [InlineData("freebsd", "NoLifeline")]
    public void Each_system_has_its_own(string system, string expected) => Assert.Equal(expected, new Lifeline(name => name == system).Choose().GetType().Name);

    [Fact]
    public void This_system_is_asked_for_its_name() => Assert.Same(
        new Lifeline(OperatingSystem.IsOSPlatform).Choose().GetType(), Lifeline.OfThisSystem.GetType());

    [Fact]
    public async Task Every_process_that_is_started_is_tied_and_untied_when_it_has_ended_and_nobody_knows_of_the_end_before()
    {
        using var script = new WorkerScript("#!/bin/sh\nexec sleep 1000\n");
        using IWorkerProcess first = await StartAsync(script, 0);
        using IWorkerProcess second = await StartAsync(script, 1);
        Assert.Equal(3, new[] { Environment.ProcessId, first.Id, second.Id }.Distinct().Count());
        Assert.Equal([$"tie {first.Id}", $"tie {second.Id}"], _lifeline.Done);

        second.Kill();
        await second.Exited.WaitAsync(Patience);

        Assert.Equal([$"tie {first.Id}", $"tie {second.Id}", $"untie {second.Id}"], _lifeline.Done);
        first.Kill();
        await first.Exited.WaitAsync(Patience);
        Assert.Equal($"untie {first.Id}", _lifeline.Done[^1]);
    }

    [Fact]
    public async Task A_process_that_cannot_be_tied_is_killed_and_the_start_says_why()
    {
        using var script = new WorkerScript("#!/bin/sh\nexec sleep 1000\n");
        int id = 0;
        _lifeline.OnTie = process =>
        {
            id = process.Id;
            throw new Win32Exception(5, "AssignProcessToJobObject failed with error 5 (Access is denied)");
        };

        Win32Exception error = await Assert.ThrowsAsync<Win32Exception>(() => StartAsync(script, 0));

        Assert.Equal(5, error.NativeErrorCode);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"Process {id} was killed, since it could not be tied to the life of its supervisor: AssignProcessToJobObject failed with error 5 (Access is denied)."),
            error.Message);
        await ClusterProcess.UntilAsync(() => !ClusterProcess.IsAlive(id), "it is gone");
        _lifeline.OnTie = null;
        using IWorkerProcess next = await StartAsync(script, 1); // the launcher goes on
        Assert.NotEqual(id, next.Id);
        next.Kill();
        await next.Exited.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_process_that_has_ended_before_it_could_be_tied_is_told_like_any_other_end()
    {
        using var script = new WorkerScript("#!/bin/sh\necho 'no database' >&2\nexit 3\n");
        _lifeline.OnTie = process =>
        {
            process.WaitForExit();
            throw new Win32Exception(5);
        };

        using IWorkerProcess process = await StartAsync(script, 0);

        await process.Exited.WaitAsync(Patience);
        Assert.Equal(3, process.ExitCode);
        Assert.Equal("no database", (await process.ReadLastWordsAsync()).ErrorLine);
    }

    [Fact]
    public void What_goes_to_the_systems_is_laid_out_as_their_headers_say()
    {
        Assert.Equal(8, nint.Size);
        Assert.Equal(64, Unsafe.SizeOf<WindowsJobLimits.BasicLimits>());
        Assert.Equal(48, Unsafe.SizeOf<WindowsJobLimits.InputOutputCounters>());
        Assert.Equal(144, Unsafe.SizeOf<WindowsJobLimits>());
        Assert.Equal(16, OffsetOf<WindowsJobLimits.BasicLimits>(nameof(WindowsJobLimits.BasicLimits.LimitFlags)));
        Assert.Equal(40, OffsetOf<WindowsJobLimits.BasicLimits>(nameof(WindowsJobLimits.BasicLimits.ActiveProcessLimit)));
        Assert.Equal(56, OffsetOf<WindowsJobLimits.BasicLimits>(nameof(WindowsJobLimits.BasicLimits.PriorityClass)));
        Assert.Equal(112, OffsetOf<WindowsJobLimits>(nameof(WindowsJobLimits.ProcessMemoryLimit)));
        Assert.Equal(32, Unsafe.SizeOf<MacKernelEvent>());
        Assert.Equal(
            [0, 8, 10, 12, 16, 24],
            new[] { "Identifier", "Filter", "Flags", "FilterFlags", "Data", "UserData" }.Select(OffsetOf<MacKernelEvent>));
    }

    public ValueTask DisposeAsync()
    {
        _launcher.Dispose();
        return _services.DisposeAsync();
    }

    private static int OffsetOf<T>(string field) => (int)Marshal.OffsetOf<T>(field);

    private Task<IWorkerProcess> StartAsync(WorkerScript script, int worker) => _launcher.StartAsync(
        new GroupPlan("native", 2, new IpcGroupOptions { Program = script.FilePath }),
        new WorkerIdentity(PeerId.Worker("native", worker, 1), "nowhere", "secret", Environment.ProcessId));
}

using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings.Tests;

/// <summary>The layout is what docs/wire-format.md says: a program in another language that knows nothing else takes either end of a ring.</summary>
public sealed class OtherLanguageTests
{
    [Fact]
    public async Task What_a_Python_program_writes_into_a_ring_is_read_and_its_ring_wakes_the_reader()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, new RingLoopOptions { SpinBudget = 0 });
        await Wait.Until(() => link.ReaderLoop.IsParked && Poke.Parked(link.ReaderDoorbell) != 0, "the reader sleeps");
        await RunAsync("write", Path(link.Segment.Descriptor), Path(link.ReaderDoorbell.Descriptor), "1500", "33");
        await Wait.Until(() => receiver.Frames.Count == 2, "two frames arrive");
        await RunAsync("write", Path(link.Segment.Descriptor), Path(link.ReaderDoorbell.Descriptor), "1500", "1500"); // the second one does not fit before the end
        await Wait.Until(() => receiver.Frames.Count == 4, "frames on both sides of the ring's end arrive");

        Assert.Equal([1500, 33, 1500, 1500], receiver.Frames.Select(frame => frame.Length));
        Assert.Equal([1, 2, 1, 2], receiver.Frames.Select(frame => Wait.NumberOf(frame)));
        Assert.All(receiver.Frames, frame => Assert.All(Enumerable.Range(32, frame.Length - 32), i => Assert.Equal((byte)(Wait.NumberOf(frame) + i - 32), frame[i])));
    }

    [Fact]
    public async Task What_is_written_into_a_ring_is_read_by_a_Python_program_and_the_room_comes_back()
    {
        await using var link = new Link(new RecordingReceiver(), new TransportLimits { RingSize = 4096 }, attach: false);
        for (int i = 0; i < 5; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 1500));
            await link.Writer.Send(Wait.Frame(100 + i, 40));
            Assert.Equal($"{i} 1500\n{100 + i} 40\n", await RunAsync("read", Path(link.Segment.Descriptor)));
        }
    }

    private static string Path(SafeFileHandle descriptor) => $"/proc/{Environment.ProcessId}/fd/{descriptor.DangerousGetHandle()}";

    private static async Task<string> RunAsync(params string[] arguments)
    {
        string script = System.IO.Path.Combine(Root(), "tests/wire/ring.py");
        using Process python = Process.Start(new ProcessStartInfo("python3", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Assert.NotEqual(Environment.ProcessId, python.Id);
        Task<string> error = python.StandardError.ReadToEndAsync();
        string output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await error);
        return output;
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Ipc.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Ipc.sln above the tests.");
        }

        return folder;
    }
}

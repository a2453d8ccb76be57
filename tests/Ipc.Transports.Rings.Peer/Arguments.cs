using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings.Peer;

/// <summary>name=value, and descriptors of the parent: opened through /proc, where the product gets them over its socket.</summary>
internal sealed class Arguments(string[] args)
{
    public string? Text(string name) => Array.Find(args, arg => arg.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    public int Number(string name, int otherwise = 0) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public IEnumerable<SafeFileHandle> Descriptors(string name) =>
        Text(name)!.Split(',').Select(number => Open(Number("parent"), int.Parse(number, CultureInfo.InvariantCulture)));

    public SafeFileHandle Descriptor(string name) => Open(Number("parent"), Number(name));

    /// <summary>Memory for large frames, numbered from 1.</summary>
    public IEnumerable<FrameSegment> Segments(RingRole role) => (Text("segments") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((segment, index) =>
    {
        int[] numbers = [.. segment.Split(':').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return FrameSegment.Open(Open(Number("parent"), numbers[0]), numbers[1], (uint)index + 1, role);
    });

    public static SafeFileHandle Open(int process, int descriptor) =>
        File.OpenHandle($"/proc/{process}/fd/{descriptor}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}

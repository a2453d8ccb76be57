using System.Runtime.CompilerServices;

namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>The folder <c>tests/wire</c>: what the foreign implementations wrote, and the scripts that talk to them.</summary>
internal static class WireFolder
{
    public const string Python = "python3-msgpack.hex";
    public const string JavaScript = "msgpack-javascript.hex";

    public static string Path { get; } = Locate();

    /// <summary>The lines of a golden file: names and bytes.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Golden(string file) =>
    [
        .. File.ReadLines(System.IO.Path.Combine(Path, "golden", file)).Select(line =>
        {
            int colon = line.LastIndexOf(':');
            return (line[..colon], Convert.FromHexString(line[(colon + 2)..]));
        }),
    ];

    private static string Locate([CallerFilePath] string file = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "..", "..", "wire"));
}

using System.Globalization;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>A file to which workers append numbers, one a line; it outlives them.</summary>
internal sealed class LinesFile : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = System.IO.Path.GetTempFileName();

    /// <summary>How many lines there are.</summary>
    public int Count => Numbers().Length;

    /// <summary>What is in it, in order, nothing left out but a line that is being written.</summary>
    public int[] Numbers() => [.. File.ReadAllText(Path).Split('\n')[..^1].Select(l => int.Parse(l, CultureInfo.InvariantCulture))];

    public void Dispose() => File.Delete(Path);
}

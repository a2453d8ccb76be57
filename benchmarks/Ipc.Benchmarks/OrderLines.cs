using System.Threading.Channels;

namespace Ipc.Benchmarks;

/// <summary>The lines that the starting process writes. When they end, this process ends a little later, whatever it is doing: nothing that spins may be left over.</summary>
internal sealed class OrderLines
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public OrderLines()
    {
        new Thread(Read) { IsBackground = true, Name = "orders" }.Start();
    }

    /// <summary>The next line; <see langword="null"/> after the last.</summary>
    public async ValueTask<string?> NextAsync() => await _lines.Reader.WaitToReadAsync() && _lines.Reader.TryRead(out string? line) ? line : null;

    private void Read()
    {
        while (Console.ReadLine() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
        Thread.Sleep(Grace);
        Environment.Exit(0);
    }
}

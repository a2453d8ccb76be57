namespace Ipc.Benchmarks.Measuring;

/// <summary>What is measured at once.</summary>
/// <param name="Row">The row.</param>
/// <param name="Size">Bytes of a message; 0 where none is sent.</param>
/// <param name="Depth">How many requests are in flight; 0 is one way.</param>
/// <param name="Milliseconds">For how long.</param>
internal sealed record Cell(string Row, int Size, int Depth, int Milliseconds)
{
    /// <summary>Whether messages are sent and not answered.</summary>
    public bool IsOneWay => Depth == 0;
}

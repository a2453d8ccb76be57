namespace Ipc.Benchmarks.Raw;

/// <summary>How an end of the raw ring waits.</summary>
internal enum WaitMode
{
    /// <summary>Looks, and never sleeps.</summary>
    Spin,

    /// <summary>Looks as the product does, then sleeps.</summary>
    Adaptive,

    /// <summary>Sleeps at once.</summary>
    Futex,
}

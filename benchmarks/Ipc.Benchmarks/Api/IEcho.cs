namespace Ipc.Benchmarks.Api;

/// <summary>What the loops need of a message; the answer is of the same type.</summary>
/// <typeparam name="TSelf">The message.</typeparam>
internal interface IEcho<TSelf>
    where TSelf : IMessage<TSelf>, IEcho<TSelf>
{
    /// <summary>Counts up from 0 within a measurement.</summary>
    long Number { get; }

    /// <summary>Bytes beside the fixed members.</summary>
    int DataLength { get; }

    /// <summary>Makes one.</summary>
    static abstract TSelf Create(long number, ReadOnlyMemory<byte> data);
}

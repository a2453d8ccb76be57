namespace Ipc.Benchmarks.Raw;

/// <summary>What the echoing process of a raw row is to do next.</summary>
/// <param name="Size">Bytes of a frame, its number included.</param>
/// <param name="IsOneWay">Whether frames are only counted.</param>
/// <param name="Rings">Where they are; <see langword="null"/> for streams.</param>
internal sealed record EchoOrder(int Size, bool IsOneWay, RingHandles? Rings);

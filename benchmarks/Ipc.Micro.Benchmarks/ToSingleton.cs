namespace Ipc.Micro.Benchmarks;

/// <summary>Sixteen bytes of members, unmanaged.</summary>
[Message("micro.singleton")]
public partial record struct ToSingleton(long Number, long Stamp) : IRequestMessage<ToSingleton>;

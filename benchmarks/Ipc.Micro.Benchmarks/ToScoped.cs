namespace Ipc.Micro.Benchmarks;

/// <summary>The same for a listener in a scope.</summary>
[Message("micro.scoped")]
public partial record struct ToScoped(long Number, long Stamp) : IRequestMessage<ToScoped>;

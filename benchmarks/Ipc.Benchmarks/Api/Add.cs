namespace Ipc.Benchmarks.Api;

/// <summary>The same as a plain request.</summary>
[Message("bench.add")]
public partial record struct Add(int[] Values) : IRequestMessage<long>;

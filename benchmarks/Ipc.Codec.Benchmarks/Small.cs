namespace Ipc.Codec.Benchmarks;

/// <summary>A message of ordinary size: 37 bytes on the wire.</summary>
[Message("small")]
public sealed partial record Small(int Id, string Name, long Stamp, double Value);

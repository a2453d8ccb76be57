using Ipc;

namespace Calculator;

/// <summary>One number of a stream.</summary>
[Message]
public partial record Tick(int Number, int ProcessId);

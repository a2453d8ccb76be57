using Ipc;

namespace Calculator;

/// <summary>A sum, and the process that has found it.</summary>
[Message]
public partial record Result(int Sum, int ProcessId);

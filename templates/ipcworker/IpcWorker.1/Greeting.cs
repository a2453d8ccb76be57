using Ipc;

namespace IpcWorker._1;

/// <summary>The answer to <see cref="Greet"/>.</summary>
/// <param name="Text">The greeting.</param>
/// <param name="WorkerId">Which worker greeted.</param>
/// <param name="ProcessId">The process that this worker is now.</param>
[Message]
public sealed partial record Greeting(string Text, int WorkerId, int ProcessId);

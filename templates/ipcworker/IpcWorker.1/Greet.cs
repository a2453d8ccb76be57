using Ipc;

namespace IpcWorker._1;

/// <summary>A request; the answer is a <see cref="Greeting"/>.</summary>
/// <param name="Name">Who is greeted.</param>
[Message("greet")]
public sealed partial record Greet(string Name) : IRequestMessage<Greeting>;

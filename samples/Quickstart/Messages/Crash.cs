using Ipc;

namespace Quickstart.Messages;

/// <summary>Makes the worker die as if by <c>kill -9</c>.</summary>
[Message("crash")]
internal sealed partial record Crash : IRequestMessage<string>;

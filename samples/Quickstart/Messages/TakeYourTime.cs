using Ipc;

namespace Quickstart.Messages;

/// <summary>A request that nobody answers in time.</summary>
[Message("slow")]
internal sealed partial record TakeYourTime : IRequestMessage<string>;

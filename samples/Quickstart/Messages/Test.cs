using Ipc;

namespace Quickstart.Messages;

/// <summary>Something to say; its event is <c>PIPE_MESSAGE.test</c>.</summary>
/// <param name="Text">What.</param>
[Message("test")]
internal sealed partial record Test(string Text);

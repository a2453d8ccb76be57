using Ipc;

namespace Quickstart.Messages;

/// <summary>The answer to a <see cref="Question"/>.</summary>
/// <param name="Text">The answer.</param>
[Message("answer")]
internal sealed partial record Answer(string Text);

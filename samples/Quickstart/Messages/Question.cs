using Ipc;

namespace Quickstart.Messages;

/// <summary>A one-way message; its listener answers by hand, with an <see cref="Answer"/>.</summary>
/// <param name="Text">The question.</param>
[Message("question")]
internal sealed partial record Question(string Text);

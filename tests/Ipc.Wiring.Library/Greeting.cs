namespace Ipc.Wiring.Library;

/// <summary>A service that a listener's constructor takes.</summary>
/// <param name="Text">What it says.</param>
public sealed record Greeting(string Text);

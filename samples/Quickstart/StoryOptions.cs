namespace Quickstart;

/// <summary>How the program was called.</summary>
/// <param name="Once">End after the story, instead of sending a message a second until Ctrl+C.</param>
internal sealed record StoryOptions(bool Once);

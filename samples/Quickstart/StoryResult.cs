namespace Quickstart;

/// <summary>Carries the end of the story to the end of Program.cs.</summary>
internal sealed class StoryResult
{
    /// <summary>Whether a step did not go as told.</summary>
    public bool Failed { get; set; }
}

namespace TextStats.Counting;

/// <summary>A file or folder that could not be read.</summary>
/// <param name="Path">Relative to the counted folder.</param>
/// <param name="Reason">Why.</param>
public sealed record UnreadableEntry(string Path, string Reason);

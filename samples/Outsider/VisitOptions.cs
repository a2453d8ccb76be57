namespace Outsider;

/// <summary>How the program is run.</summary>
/// <param name="Once">Whether it ends after its visit, and does not stay to listen.</param>
internal sealed record VisitOptions(bool Once);

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Over rings: what a dead worker had not started waits for its successor.</summary>
public sealed class SharedMemorySurvivalTests : SurvivalTests
{
    /// <inheritdoc/>
    protected override string Option => "--Ipc:SharedMemoryLimit=512000000";

    /// <inheritdoc/>
    protected override bool KeepsInboxes => true;
}

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Over pipes: what is in a dead worker's pipe is reported as lost.</summary>
public sealed class PipeSurvivalTests : SurvivalTests
{
    /// <inheritdoc/>
    protected override string Option => "--Ipc:SharedMemoryLimit=0";

    /// <inheritdoc/>
    protected override bool KeepsInboxes => false;
}

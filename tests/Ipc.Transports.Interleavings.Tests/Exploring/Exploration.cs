namespace Ipc.Transports.Interleavings.Tests;

/// <summary>What an exploration has come to.</summary>
/// <param name="Schedules">How many different ones were run.</param>
/// <param name="Points">At how many places a thread could be preempted in the longest one.</param>
/// <param name="Violation">The verdict and the steps of the first schedule that went wrong; null when none did.</param>
internal sealed record Exploration(int Schedules, int Points, string? Violation);

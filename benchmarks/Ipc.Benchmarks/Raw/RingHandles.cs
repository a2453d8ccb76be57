namespace Ipc.Benchmarks.Raw;

/// <summary>Descriptors of the asking process; the product hands them over its socket, this opens them through /proc.</summary>
/// <param name="ProcessId">The asking process.</param>
/// <param name="Length">Of the segment of each ring.</param>
/// <param name="Requests">The ring to the echoing process.</param>
/// <param name="Answers">The ring back.</param>
/// <param name="AskerDoorbell">What wakes the asking process.</param>
/// <param name="EchoDoorbell">What wakes the echoing process.</param>
internal sealed record RingHandles(int ProcessId, int Length, int Requests, int Answers, int AskerDoorbell, int EchoDoorbell);

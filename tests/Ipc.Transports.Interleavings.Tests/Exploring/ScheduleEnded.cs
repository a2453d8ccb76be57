namespace Ipc.Transports.Interleavings.Tests;

/// <summary>Unwinds a thread whose schedule has ended.</summary>
internal sealed class ScheduleEnded : Exception;

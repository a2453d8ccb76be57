namespace Ipc.Transports.Interleavings.Tests;

/// <summary>The process ends between two stores.</summary>
internal sealed class Killed : Exception;

namespace Ipc.InProcess;

/// <summary>Which worker an in-process peer is, and the network that it joins.</summary>
/// <param name="Id">The worker.</param>
/// <param name="Network">The cluster's network.</param>
/// <param name="WaitsForReady">Whether it is ready only when its own code says so.</param>
internal sealed record InProcessWorker(PeerId Id, InMemoryNetwork Network, bool WaitsForReady);

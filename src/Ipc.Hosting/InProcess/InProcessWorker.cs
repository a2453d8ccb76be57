namespace Ipc.InProcess;

/// <summary>Which worker an in-process peer is, and the network that it joins.</summary>
/// <param name="Id">The worker.</param>
/// <param name="Network">The cluster's network.</param>
internal sealed record InProcessWorker(PeerId Id, InMemoryNetwork Network);

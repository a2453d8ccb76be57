namespace Ipc.Hosting.TestApp;

/// <summary>A service that workers have and the supervisor has not.</summary>
public sealed record WorkerOnly(string Kind);

namespace Ipc.Contracts;

/// <summary>A contract that this process calls: one call of <c>AddIpcProxy</c>.</summary>
/// <param name="Contract">The interface.</param>
internal sealed record ProxiedContract(Type Contract);

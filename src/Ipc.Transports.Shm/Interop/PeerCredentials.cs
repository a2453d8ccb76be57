namespace Ipc.Transports.Interop;

/// <summary>Who is at the other end of a Unix socket, as the kernel recorded it when the connection was made (<c>struct ucred</c>).</summary>
/// <param name="ProcessId">The process; 0 when it lives in a pid namespace that is not visible from here.</param>
/// <param name="UserId">Its effective user.</param>
/// <param name="GroupId">Its effective group.</param>
internal readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId);

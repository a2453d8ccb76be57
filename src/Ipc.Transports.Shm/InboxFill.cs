namespace Ipc.Transports;

/// <summary>How full the inbox of a worker id is: one ring for each sender that has sent to it.</summary>
/// <param name="Worker">The worker id, with its newest incarnation that has connected.</param>
/// <param name="WaitingBytes">What waits in its rings and no incarnation has taken, in bytes, headers of records included. Large messages that lie in memory of their own count with their references.</param>
/// <param name="Fullest">The part of its fullest ring that is used, from 0 to 1: that ring's sender is the first to wait for room.</param>
public readonly record struct InboxFill(PeerId Worker, long WaitingBytes, double Fullest);

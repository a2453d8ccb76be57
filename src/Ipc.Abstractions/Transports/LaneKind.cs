namespace Ipc.Transports;

/// <summary>What a lane, a one-way stream of frames between two peers, is for.</summary>
public enum LaneKind : byte
{
    /// <summary>One-way messages, requests and cancels. Belongs to the receiver's worker id: a successor goes on where a dead worker stopped.</summary>
    Inbox = 0,

    /// <summary>Answers and errors. From incarnation to incarnation: a successor of the asker never sees it.</summary>
    Answer = 1,
}

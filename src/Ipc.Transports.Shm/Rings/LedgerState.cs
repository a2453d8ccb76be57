namespace Ipc.Transports.Rings;

/// <summary>What became of a frame that has left its ring. The numbers are part of the ledger's layout.</summary>
internal enum LedgerState
{
    /// <summary>The entry is free.</summary>
    Free = 0,

    /// <summary>The frame waits for its listener; its bytes are in the arena, or in a segment.</summary>
    Pending = 1,

    /// <summary>Its listener has started.</summary>
    Started = 2,

    /// <summary>Its listener had started in a process that has died, and asks to be run again: the successor decides by its own listeners. Its bytes are in the arena, or in a segment.</summary>
    Interrupted = 3,
}

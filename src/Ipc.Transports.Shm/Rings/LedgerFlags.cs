namespace Ipc.Transports.Rings;

/// <summary>What an entry's frame is. The numbers are part of the ledger's layout.</summary>
[Flags]
internal enum LedgerFlags
{
    /// <summary>A one-way message without bytes.</summary>
    None = 0,

    /// <summary>Somebody waits for an answer.</summary>
    Request = 1,

    /// <summary>The frame's bytes are in the arena, or in a segment.</summary>
    HasBytes = 2,

    /// <summary>Its listener has started, and a successor is to run it again.</summary>
    Redeliver = 4,
}

using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>A lane that exists, as the broker knows it. Control thread only.</summary>
internal sealed class LaneRecord
{
    /// <summary>Number of the lane, and of its ring.</summary>
    public required long LaneId { get; init; }

    /// <summary>What it is for.</summary>
    public required LaneKind Kind { get; init; }

    /// <summary>Who writes: one exact incarnation.</summary>
    public required PeerId Writer { get; init; }

    /// <summary>The row of who writes.</summary>
    public required BrokerPeer WriterPeer { get; init; }

    /// <summary>The row of who reads.</summary>
    public required BrokerPeer ReaderPeer { get; init; }

    /// <summary>The incarnation that holds the reading end; <see langword="null"/> between two readers of a ring.</summary>
    public PeerId? Reader { get; set; }

    /// <summary>The ring; none for a pipe, whose sockets live in the two processes only.</summary>
    public RingSegment? Ring { get; init; }

    /// <summary>Whether its writer has lost it and asked for another: a pipe breaks before the exit of its reader, or why that one dropped it, is known.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Whether its writer was told that it has ended.</summary>
    public bool IsToldOfEnd { get; private set; }

    /// <summary>Whether its reader, which lives, has come to its end: a pipe that the writer has closed.</summary>
    public bool IsReadToItsEnd { get; set; }

    /// <summary>Whether the writing incarnation lives: news are for it alone.</summary>
    public bool WriterLives => WriterPeer.Ends is not null && WriterPeer.Id == Writer;

    /// <summary>Its writer, which lives, is told that it has ended; of a pipe it is to say then how many messages were lost.</summary>
    public void NoteEnd()
    {
        if (!IsToldOfEnd && Ring is null && Reader is { } reader)
        {
            WriterPeer.OwedReports[reader] = WriterPeer.OwedReports.GetValueOrDefault(reader) + 1;
        }

        IsToldOfEnd = true;
    }
}

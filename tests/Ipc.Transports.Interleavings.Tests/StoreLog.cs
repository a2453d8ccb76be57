using Ipc.Transports.Memory;
using Ipc.Transports.Rings;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>The stores of the product to shared words, in program order, by the names of the layout.</summary>
internal sealed class StoreLog : IDisposable
{
    private readonly long _first;
    private readonly Dictionary<long, Func<long, string?>> _names = [];

    /// <summary>Begins.</summary>
    /// <param name="first">The last segment that was made before those of the test.</param>
    public StoreLog(long first)
    {
        _first = first;
        Explorer.Storing = Note;
    }

    /// <summary>What was stored where, and what a test has noted between.</summary>
    public List<string> Entries { get; } = [];

    /// <summary>Called before a store; a test looks at memory there.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>The segment that was made last is a ring.</summary>
    public void IsRing() => _names[MappedMemory.Last - _first] = NameInRing;

    /// <summary>The segment that was made last is a ledger.</summary>
    public void IsLedger() => _names[MappedMemory.Last - _first] = static offset =>
        offset >= RingLayout.PageSize && (offset - RingLayout.PageSize) % 64 == 0 ? "word" : null;

    public void Dispose() => Explorer.Storing = null;

    private static string? NameInRing(long offset)
    {
        long inPage = offset % RingLayout.PageSize;
        return (offset / RingLayout.PageSize, inPage) switch
        {
            (0, RingLayout.StateOffset) => "state",
            (0, RingLayout.FinalHeadOffset) => "finalHead",
            (1, RingLayout.HeadOffset) => "head",
            (1, RingLayout.WriterParkedOffset) => "parked",
            (2, RingLayout.TailOffset) => "tail",
            (2, RingLayout.StartedOffset) => "started",
            (2, RingLayout.DoneOffset) => "done",
            (2, RingLayout.AssemblyOffset) => "assembly",
            _ => null,
        };
    }

    private void Note(nint address, ulong value)
    {
        if (MappedMemory.Find(address, _first) is { } place && _names.TryGetValue(place.Segment, out Func<long, string?>? name) && name(place.Offset) is { } word)
        {
            string entry = word == "word" ? $"word {LedgerWord.Read(value).State}" : $"{word} {value}";
            Before?.Invoke(entry);
            Entries.Add(entry);
        }
    }
}

namespace Ipc.Chaos;

/// <summary>A listener began with a message.</summary>
internal sealed class Handling(LedgerLine started)
{
    public LedgerLine Started { get; } = started;

    /// <summary>Its end; null when its process was killed before.</summary>
    public LedgerLine? Ended { get; set; }

    public Member By => Started.Member;

    public int DeliveryCount => int.Parse(Started.Rest[3], System.Globalization.CultureInfo.InvariantCulture);
}

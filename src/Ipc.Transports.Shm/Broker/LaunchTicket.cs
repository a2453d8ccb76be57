using System.Security.Cryptography;
using Ipc.Transports.Control;

namespace Ipc.Transports.Broker;

/// <summary>An incarnation that was announced and has not connected.</summary>
internal sealed class LaunchTicket
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(ControlProtocol.SecretSize);

    /// <summary>Makes a ticket with a new secret.</summary>
    public LaunchTicket(PeerId worker, uint userId, bool isHeld)
    {
        Worker = worker;
        UserId = userId;
        IsHeld = isHeld;
    }

    /// <summary>Who may connect with it.</summary>
    public PeerId Worker { get; }

    /// <summary>The user whose process it is.</summary>
    public uint UserId { get; }

    /// <summary>Whether it is to wait for its worker id.</summary>
    public bool IsHeld { get; }

    /// <summary>The process that was started; <see langword="null"/> while that is not known.</summary>
    public int? ProcessId { get; set; }

    /// <summary>The secret in hexadecimal.</summary>
    public string Secret => Convert.ToHexString(_secret);

    /// <summary>Compares in a time that does not depend on where the secrets differ.</summary>
    public bool Matches(ReadOnlySpan<byte> secret) => CryptographicOperations.FixedTimeEquals(_secret, secret);
}

using System.Buffers.Binary;
using System.Text;

namespace Ipc.Transports.Control;

/// <summary>Reads a control message's payload, which may be anything: every method says whether there was such a value, and none throws.</summary>
internal ref struct ControlReader(ReadOnlySpan<byte> payload)
{
    private static readonly UTF8Encoding LenientUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    private ReadOnlySpan<byte> _rest = payload;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Bytes that are left: an upper bound for every count in them.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads a byte.</summary>
    public bool TryByte(out byte value)
    {
        bool ok = TryRaw(1, out ReadOnlySpan<byte> bytes);
        value = ok ? bytes[0] : (byte)0;
        return ok;
    }

    /// <summary>Reads 0 or 1.</summary>
    public bool TryBoolean(out bool value)
    {
        bool ok = TryByte(out byte number);
        value = number == 1;
        return ok && number <= 1;
    }

    /// <summary>Reads two bytes, little endian.</summary>
    public bool TryUInt16(out ushort value)
    {
        bool ok = TryRaw(2, out ReadOnlySpan<byte> bytes);
        value = ok ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;
        return ok;
    }

    /// <summary>Reads four bytes, little endian.</summary>
    public bool TryUInt32(out uint value)
    {
        bool ok = TryRaw(4, out ReadOnlySpan<byte> bytes);
        value = ok ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        return ok;
    }

    /// <summary>Reads four bytes that are not negative as a signed number.</summary>
    public bool TryNonNegative(out int value)
    {
        bool ok = TryUInt32(out uint number) && number <= int.MaxValue;
        value = ok ? (int)number : 0;
        return ok;
    }

    /// <summary>Reads eight bytes, little endian.</summary>
    public bool TryInt64(out long value)
    {
        bool ok = TryRaw(8, out ReadOnlySpan<byte> bytes);
        value = ok ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
        return ok;
    }

    /// <summary>Reads that many bytes.</summary>
    public bool TryRaw(int count, out ReadOnlySpan<byte> bytes)
    {
        if (count < 0 || count > _rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>Reads a text of at most <see cref="ControlProtocol.MaxTextSize"/> bytes; invalid UTF-8 becomes replacement characters.</summary>
    public bool TryText(out string value)
    {
        value = string.Empty;
        if (!TryUInt16(out ushort length) || length > ControlProtocol.MaxTextSize || !TryRaw(length, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        value = LenientUtf8.GetString(bytes);
        return true;
    }

    /// <summary>Reads a peer.</summary>
    public bool TryPeer(out PeerId peer)
    {
        peer = default;
        if (!TryByte(out byte kind) || kind is 0 or > (byte)PeerKind.Client
            || !TryText(out string group) || group.Length == 0
            || !TryUInt32(out uint number) || (int)number < PeerId.NoWorkerId || !TryNonNegative(out int incarnation))
        {
            return false;
        }

        int worker = (int)number;
        peer = new PeerId((PeerKind)kind, group, worker, incarnation);
        return true;
    }

    /// <summary>Reads what a lane is for.</summary>
    public bool TryLaneKind(out LaneKind kind)
    {
        bool ok = TryByte(out byte number) && number <= (byte)LaneKind.Answer;
        kind = ok ? (LaneKind)number : LaneKind.Inbox;
        return ok;
    }
}

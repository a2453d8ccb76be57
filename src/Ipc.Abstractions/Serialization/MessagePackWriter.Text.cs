using System.Runtime.CompilerServices;
using System.Text;

namespace Ipc.Serialization;

/// <content>Text. Halves of surrogate pairs that stand alone become U+FFFD, since UTF-8 has no bytes for them.</content>
public ref partial struct MessagePackWriter
{
    /// <summary>Up to here room for three bytes a character is simply taken; longer texts are measured first.</summary>
    private const int ShortText = 256;

    /// <summary>Writes text, <see langword="null"/> as nil.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
        }
        else
        {
            Write(value.AsSpan());
        }
    }

    /// <summary>Writes text.</summary>
    public void Write(scoped ReadOnlySpan<char> value)
    {
        if (value.Length > ShortText)
        {
            WriteLongText(value);
            return;
        }

        ref byte start = ref Reserve(3 + (value.Length * 3));
        if (value.Length <= 31)
        {
            // Nearly every short text: its length is known to fit into the first byte once it is written.
            int count = Encoding.UTF8.GetBytes(value, _span[(_position + 1)..]);
            if (count <= 31)
            {
                start = (byte)(MessagePackCode.FixString | count);
                _position += count + 1;
                return;
            }
        }

        WriteMeasured(value);
    }

    /// <summary>Writes text that already is UTF-8.</summary>
    /// <param name="value">Not checked.</param>
    public void WriteUtf8(scoped ReadOnlySpan<byte> value)
    {
        WriteStringHeader(value.Length);
        WriteRaw(value);
    }

    /// <summary>Writes a text for which there is room, but whose header is not known yet.</summary>
    private void WriteMeasured(scoped ReadOnlySpan<char> value)
    {
        int header = StringHeaderSize(value.Length);
        Span<byte> room = _span[_position..];
        int count = Encoding.UTF8.GetBytes(value, room[header..]);
        int realHeader = StringHeaderSize(count);
        if (realHeader != header)
        {
            // The text was not ASCII and its length needs a larger header than was guessed.
            room.Slice(header, count).CopyTo(room[realHeader..]);
        }

        WriteStringHeader(count);
        _position += count;
    }

    private void WriteLongText(scoped ReadOnlySpan<char> value)
    {
        const int Piece = 16 * 1024;
        WriteStringHeader(Encoding.UTF8.GetByteCount(value));
        while (!value.IsEmpty)
        {
            ReadOnlySpan<char> piece = value[..Math.Min(value.Length, Piece)];
            if (piece.Length < value.Length && char.IsHighSurrogate(piece[^1]))
            {
                // A pair is never torn apart by the piece's end.
                piece = piece[..^1];
            }

            Reserve(Encoding.UTF8.GetByteCount(piece));
            _position += Encoding.UTF8.GetBytes(piece, _span[_position..]);
            value = value[piece.Length..];
        }
    }

    private static int StringHeaderSize(int length) => length switch
    {
        <= 31 => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        _ => 5,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteStringHeader(int length)
    {
        if (length <= 31)
        {
            WriteByte((byte)(MessagePackCode.FixString | length));
        }
        else if (length <= byte.MaxValue)
        {
            ref byte start = ref Reserve(2);
            start = MessagePackCode.Str8;
            Unsafe.Add(ref start, 1) = (byte)length;
            _position += 2;
        }
        else
        {
            WriteHeader16Or32(length, MessagePackCode.Str16, MessagePackCode.Str32);
        }
    }
}

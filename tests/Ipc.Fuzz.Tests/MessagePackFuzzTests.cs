using System.Buffers;
using Ipc.Serialization;

namespace Ipc.Fuzz.Tests;

/// <summary>Every read of every kind of value, on bytes that may be anything: a value, or a <see cref="MessageFormatException"/>.</summary>
public sealed class MessagePackFuzzTests
{
    private static readonly byte[][] Examples = [.. All()];

    private delegate void Read(ref MessagePackReader reader);

    private static readonly Read[] Reads =
    [
        static (ref MessagePackReader r) => r.ReadByte(), static (ref MessagePackReader r) => r.ReadSByte(), static (ref MessagePackReader r) => r.ReadInt16(),
        static (ref MessagePackReader r) => r.ReadUInt16(), static (ref MessagePackReader r) => r.ReadChar(), static (ref MessagePackReader r) => r.ReadInt32(),
        static (ref MessagePackReader r) => r.ReadUInt32(), static (ref MessagePackReader r) => r.ReadInt64(), static (ref MessagePackReader r) => r.ReadUInt64(),
        static (ref MessagePackReader r) => r.ReadSingle(), static (ref MessagePackReader r) => r.ReadDouble(), static (ref MessagePackReader r) => r.ReadHalf(),
        static (ref MessagePackReader r) => r.ReadString(), static (ref MessagePackReader r) => _ = r.ReadUtf8(), static (ref MessagePackReader r) => r.ReadDecimal(),
        static (ref MessagePackReader r) => r.ReadInt128(), static (ref MessagePackReader r) => r.ReadUInt128(), static (ref MessagePackReader r) => r.ReadGuid(),
        static (ref MessagePackReader r) => r.ReadUri(), static (ref MessagePackReader r) => r.ReadTimeSpan(), static (ref MessagePackReader r) => r.ReadDateOnly(),
        static (ref MessagePackReader r) => r.ReadTimeOnly(), static (ref MessagePackReader r) => r.ReadDateTime(), static (ref MessagePackReader r) => r.ReadDateTimeOffset(),
        static (ref MessagePackReader r) => r.ReadNil(), static (ref MessagePackReader r) => r.TryReadNil(), static (ref MessagePackReader r) => r.ReadBoolean(),
        static (ref MessagePackReader r) => r.ReadArrayHeader(), static (ref MessagePackReader r) => r.ReadMapHeader(), static (ref MessagePackReader r) => r.ReadBytes(),
        static (ref MessagePackReader r) => r.ReadExtension(out _), static (ref MessagePackReader r) => r.ReadRaw(), static (ref MessagePackReader r) => r.Skip(),
        static (ref MessagePackReader r) => r.Descend(), static (ref MessagePackReader r) => _ = r.NextKind, static (ref MessagePackReader r) => _ = r.IsNil,
    ];

    [Fact]
    public void Every_value_is_read_or_refused() => Garbage.Feed(60_000, static garbage =>
    {
        byte[] bytes = garbage.Bend(Examples);
        var reader = new MessagePackReader(bytes);
        try
        {
            for (int i = 0; i < 8; i++)
            {
                Reads[garbage.Random.Next(Reads.Length)](ref reader);
                Assert.InRange(reader.Position, 0, bytes.Length);
            }
        }
        catch (MessageFormatException)
        {
            return; // refused, with a reason
        }
    });

    [Fact]
    public void What_was_written_and_bent_is_read_or_refused() => Garbage.Feed(20_000, static garbage =>
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        int kind = garbage.Random.Next(8);
        WriteOne(garbage, kind, ref writer);
        writer.Flush();
        byte[] bytes = garbage.Bend(output.WrittenSpan.ToArray());
        var reader = new MessagePackReader(bytes);
        try
        {
            ReadOne(kind, ref reader);
        }
        catch (MessageFormatException)
        {
            return;
        }
    });

    private static void WriteOne(Garbage garbage, int kind, ref MessagePackWriter writer)
    {
        long number = garbage.Number();
        switch (kind)
        {
            case 0:
                writer.Write(number / 3m);
                break;
            case 1:
                writer.Write((Int128)number * number);
                break;
            case 2:
                writer.Write((UInt128)(ulong)number * (ulong)number);
                break;
            case 3:
                writer.Write(new Uri($"http://a/{number}"));
                break;
            case 4:
                writer.Write(new DateTime(Math.Abs(number % DateTime.MaxValue.Ticks), DateTimeKind.Utc));
                break;
            case 5:
                writer.WriteArrayHeader(2);
                writer.Write(new DateTime(Math.Abs(number % DateTime.MaxValue.Ticks), DateTimeKind.Utc));
                writer.Write(garbage.Random.Next(3) == 0 ? garbage.Number() : garbage.Random.Next(-900, 900));
                break;
            case 6:
                writer.Write($"{number}\uD7FF");
                break;
            default:
                writer.Write((double)number * number * number);
                break;
        }
    }

    private static void ReadOne(int kind, ref MessagePackReader reader)
    {
        switch (kind)
        {
            case 0 or 7:
                reader.ReadDecimal();
                break;
            case 1:
                reader.ReadInt128();
                break;
            case 2:
                reader.ReadUInt128();
                break;
            case 3:
                reader.ReadUri();
                break;
            case 4:
                reader.ReadDateTime();
                break;
            case 5:
                reader.ReadDateTimeOffset();
                break;
            default:
                reader.ReadString();
                break;
        }
    }

    private static IEnumerable<byte[]> All()
    {
        // Every first byte, with much and with little behind it.
        for (int code = 0; code < 256; code++)
        {
            yield return [(byte)code];
            yield return [(byte)code, .. Enumerable.Repeat((byte)1, 40)];
            yield return [(byte)code, 0, 0, 0, 2, .. Enumerable.Repeat((byte)0x80, 40)];
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.Write(1.5m);
        writer.Write(Guid.Empty);
        writer.Write(DateTime.UnixEpoch);
        writer.Write(DateTime.MaxValue);
        writer.Write(DateTimeOffset.MaxValue);
        writer.Write("text");
        writer.Flush();
        byte[] written = output.WrittenSpan.ToArray();
        for (int from = 0; from < written.Length; from++)
        {
            yield return written[from..];
        }

        foreach (string text in (string[])["1.5", "79228162514264337593543950335", "-170141183460469231731687303715884105728", "http://a/b", "00000000-0000-0000-0000-000000000000", "nothing"])
        {
            yield return [(byte)(0xD9), (byte)text.Length, .. System.Text.Encoding.UTF8.GetBytes(text)];
        }
    }
}

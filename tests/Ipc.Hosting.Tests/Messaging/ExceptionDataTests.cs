using System.Collections;
using Ipc.Messaging;
using Ipc.Serialization;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>What an exception's data looks like at the asker.</summary>
public sealed class ExceptionDataTests
{
    [Fact]
    public void Simple_values_come_back_with_their_types_and_others_stay_behind()
    {
        var error = new InvalidOperationException("no");
        object[] values =
        [
            "text", true, 'c', (byte)1, (sbyte)-1, (short)-2, (ushort)2, -3, 3U, -4L, 4UL, 1.5f, 2.5, 12.50m, Guid.Empty, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), TimeSpan.FromTicks(7), new DateOnly(2026, 1, 2), new TimeOnly(3, 4), new Uri("http://shop/"),
        ];
        foreach (object value in values)
        {
            error.Data[value.GetType().Name] = value;
        }

        error.Data["version"] = new Version(1, 2);
        error.Data["nothing"] = null;
        error.Data[7] = "a key that is no text";

        IDictionary read = RoundTrip(error);

        Assert.Equal(values.Length, read.Count);
        Assert.All(values, value => Assert.Equal(value, read[value.GetType().Name]));
    }

    [Fact]
    public void What_is_too_much_stays_behind_and_the_rest_goes()
    {
        var many = new InvalidOperationException("no");
        var large = new InvalidOperationException("no");
        for (int i = 0; i < 100; i++)
        {
            many.Data[$"{i}"] = i;
        }

        large.Data["large"] = new string('x', 20_000);
        large.Data["small"] = 1;

        Assert.Equal(ExceptionData.MaxCount, RoundTrip(many).Count);
        Assert.Equal(["small"], RoundTrip(large).Keys.Cast<string>());
        Assert.Empty(RoundTrip(new Unreadable()));
        Assert.Equal("no", RemoteError.From(new Unreadable(), withStackTrace: false, 1 << 20).Message);
    }

    [Fact]
    public void What_is_too_long_is_not_even_written()
    {
        string text = new('x', 10_000_000);
        var error = new InvalidOperationException("no");
        error.Data["text"] = text;
        error.Data[text] = 1;
        error.Data["small"] = 2;
        ExceptionData.Write(error.Data, ExceptionData.MaxSize);

        long before = GC.GetAllocatedBytesForCurrentThread();
        MessageBody? body = ExceptionData.Write(error.Data, ExceptionData.MaxSize);

        Assert.NotNull(body);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":[0]}")]
    [InlineData("{\"a\":[0,1]}")]
    [InlineData("{\"a\":[20,\"http://[\"]}")]
    [InlineData("[1]")]
    [InlineData("7")]
    public void What_is_no_data_is_a_bad_message(string json) =>
        Assert.Throws<MessageFormatException>(() => ExceptionData.Read(MessageBody.FromJson(json), new Hashtable()));

    [Fact]
    public void More_than_may_be_sent_is_not_read_and_codes_of_later_versions_are_passed_over()
    {
        Assert.Throws<MessageFormatException>(() => ExceptionData.Read(
            MessageBody.FromJson("{" + string.Join(',', Enumerable.Range(0, ExceptionData.MaxCount + 1).Select(i => $"\"{i}\":[7,1]")) + "}"), new Hashtable()));
        var read = new Hashtable();
        ExceptionData.Read(MessageBody.FromJson("{\"a\":[99,{\"b\":1}],\"c\":[7,5,\"later\"]}"), read);
        Assert.Equal(5, Assert.Single(read.Cast<DictionaryEntry>()).Value);
    }

    [Fact]
    public void An_error_without_data_is_read_as_one_of_four_members_too()
    {
        RemoteError error = RemoteError.Serializer.ReadBody(MessageBody.FromJson("[1,\"Type\",\"Text\",null]").Bytes.Span);

        Assert.Equal(new RemoteError(IpcError.ListenerFailed, "Type", "Text", null), error);
    }

    private static IDictionary RoundTrip(Exception error)
    {
        MessageBody body = MessageBody.From(RemoteError.From(error, withStackTrace: false, 1 << 20), RemoteError.Serializer);
        return RemoteError.Serializer.ReadBody(body.Bytes.Span).ToException(PeerId.Supervisor, "a").Data;
    }

    private sealed class Unreadable() : Exception("no")
    {
        public override IDictionary Data => throw new InvalidOperationException("not now");
    }
}

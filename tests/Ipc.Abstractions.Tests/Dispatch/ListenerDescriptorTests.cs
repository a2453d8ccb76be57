using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Abstractions.Tests.Dispatch;

/// <summary>A row of a dispatch table decodes the whole body before any listener runs.</summary>
public class ListenerDescriptorTests
{
    public static TheoryData<string> Unreadable => new() { "", "A161", "01C0", "0102", "7F" };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public Task A_listener_gets_no_message_out_of_a_bad_body(string hex)
    {
        var listener = new Listener();
        var descriptor = new ListenerDescriptor<Listener, int>("PIPE_MESSAGE.x", new Throwing(), _ => listener);
        return AssertRefused(descriptor, hex, listener);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public Task A_listener_that_answers_gets_no_message_out_of_a_bad_body(string hex)
    {
        var listener = new Listener();
        var descriptor = new ListenerDescriptor<Listener, int, int>("PIPE_MESSAGE.x", new Throwing(), BuiltInSerializers.Int32, _ => listener);
        return AssertRefused(descriptor, hex, listener);
    }

    [Fact]
    public async Task A_listener_gets_the_message_of_a_good_body()
    {
        var listener = new Listener();
        var descriptor = new ListenerDescriptor<Listener, int>("PIPE_MESSAGE.x", new Throwing(), _ => listener);
        await Invoke(descriptor, "05");
        Assert.Equal([5], listener.Seen);
    }

    [Fact]
    public void A_message_is_delivered_1_to_100_times_by_default_once_and_with_redelivery_5_times()
    {
        var descriptor = new ListenerDescriptor<Listener, int>("PIPE_MESSAGE.x", new Throwing(), _ => new Listener());
        var attribute = new ListenerAttribute();

        Assert.False(attribute.Redelivery || descriptor.Redelivery);
        Assert.Equal((5, 5), (attribute.MaxDeliveries, descriptor.MaxDeliveries));
        Assert.Throws<ArgumentOutOfRangeException>(() => WithMax(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WithMax(101));
        Assert.Equal((1, 100), (WithMax(1).MaxDeliveries, WithMax(100).MaxDeliveries));

        static ListenerDescriptor WithMax(int max) => new ListenerDescriptor<Listener, int>("PIPE_MESSAGE.x", new Throwing(), _ => new Listener()) { MaxDeliveries = max };
    }

    private static async Task AssertRefused(ListenerDescriptor descriptor, string hex, Listener listener)
    {
        MessageFormatException error = await Assert.ThrowsAsync<MessageFormatException>(() => Invoke(descriptor, hex));
        Assert.Equal(hex == "7F", error.InnerException is ArithmeticException);
        Assert.Empty(listener.Seen);
    }

    private static async Task Invoke(ListenerDescriptor descriptor, string hex) => await descriptor.InvokeAsync(new ListenerCall
    {
        Body = Convert.FromHexString(hex),
        Context = default,
        Services = null!,
    });

    /// <summary>Reads numbers; one of them throws, as a user's own code may.</summary>
    private sealed class Throwing : MessageSerializer<int>
    {
        public override MessageShape Shape => MessageShape.Integer;

        public override void Write(ref MessagePackWriter writer, int value) => writer.Write(value);

        public override int Read(ref MessagePackReader reader)
        {
            int number = reader.ReadInt32();
            return number == 0x7F ? throw new ArithmeticException("touched") : number;
        }
    }

    private sealed class Listener : IListener<int>, IListener<int, int>
    {
        public List<int> Seen { get; } = [];

        ValueTask IListener<int>.HandleAsync(int message, MessageContext context, CancellationToken cancellationToken)
        {
            Seen.Add(message);
            return default;
        }

        ValueTask<int> IListener<int, int>.HandleAsync(int message, MessageContext context, CancellationToken cancellationToken)
        {
            Seen.Add(message);
            return new(message);
        }
    }
}

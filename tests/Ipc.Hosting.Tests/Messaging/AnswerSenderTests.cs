using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>The way of an answer back to its asker, over lanes that the asker may drop.</summary>
public sealed class AnswerSenderTests
{
    private static readonly PeerId Asker = PeerId.Worker("worker", 1, 1);
    private readonly ScriptedLane _first = new(Asker, LaneKind.Answer);
    private readonly ScriptedLane _second = new(Asker, LaneKind.Answer);
    private readonly SenderState _sender = new(new ScriptedInboundLane(Asker));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_whose_lane_was_dropped_goes_over_a_new_one_as_do_later_ones(bool whileItWaited)
    {
        var transport = new ScriptedTransport(_first, _second);
        AnswerSender answers = Create(transport);
        await AnswerAsync(answers, 1);
        _first.IsClosed = !whileItWaited;
        _first.OnCommit = async _ =>
        {
            await Task.Yield();
            throw ScriptedLane.Gone();
        };

        await AnswerAsync(answers, 2);
        await AnswerAsync(answers, 3);

        Assert.Equal([1L], Correlations(_first));
        Assert.Equal([2L, 3L], Correlations(_second));
        Assert.Equal(2, transport.Asked);
    }

    [Fact]
    public async Task An_answer_waits_for_room_as_long_as_its_asker_lives_whatever_the_time_for_sends()
    {
        var options = new IpcOptions { SendTimeout = TimeSpan.Zero };
        var answers = new AnswerSender(options, NullLogger.Instance);
        answers.Attach(new Cluster(new ScriptedTransport(_first), ListenerRegistry.Create([], ListenerPlaces.Workers), options));

        await AnswerAsync(answers, 1);

        Assert.Equal([Timeout.InfiniteTimeSpan], _first.Timeouts);
    }

    [Fact]
    public async Task A_first_answer_over_a_lane_that_another_one_has_opened_and_that_was_dropped_goes_over_a_new_one()
    {
        var transport = new ScriptedTransport(_first, _second);
        AnswerSender answers = Create(transport);
        await AnswerAsync(answers, 1);
        _first.IsClosed = true;
        var sameAsker = new SenderState(new ScriptedInboundLane(Asker));

        await AnswerAsync(answers, 2, sameAsker);

        Assert.Equal([2L], Correlations(_second));
    }

    [Fact]
    public async Task An_asker_that_is_gone_is_looked_for_once_more_and_not_again()
    {
        var transport = new ScriptedTransport(_first);
        AnswerSender answers = Create(transport);
        await AnswerAsync(answers, 1);
        _first.IsClosed = true;

        await AnswerAsync(answers, 2);
        Assert.Equal(2, transport.Asked);
        await AnswerAsync(answers, 3);
        Assert.Equal(3, transport.Asked);
    }

    [Fact]
    public async Task A_lane_that_is_dropped_twice_is_replaced_once_for_one_answer()
    {
        _first.IsClosed = true;
        _second.IsClosed = true;
        var transport = new ScriptedTransport(_first, _second, new ScriptedLane(Asker, LaneKind.Answer));

        await AnswerAsync(Create(transport), 1);

        Assert.Equal(2, transport.Asked);
    }

    private static AnswerSender Create(Transport transport)
    {
        var options = new IpcOptions();
        var answers = new AnswerSender(options, NullLogger.Instance);
        answers.Attach(new Cluster(transport, ListenerRegistry.Create([], ListenerPlaces.Workers), options));
        return answers;
    }

    private static IEnumerable<long> Correlations(ScriptedLane lane) =>
        lane.Frames.Select(frame => FrameHeader.TryRead(frame, out FrameHeader header, out _) ? header.Correlation : -1);

    private Task AnswerAsync(AnswerSender answers, long correlation, SenderState? sender = null)
    {
        Assert.True(BuiltInSerializers.TryGet(typeof(string), out MessageSerializer? serializer));
        return answers.SendAsync(
            sender ?? _sender, correlation, "test", FrameKind.Response, new TypedBody<string>((MessageSerializer<string>)serializer!, "answer")).AsTask();
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ipc.Telemetry;

namespace Ipc.Messaging;

/// <summary>What one peer counts.</summary>
internal sealed class IpcMetrics
{
    private readonly PeerId _self;
    private readonly Meter _meter;
    private readonly Counter<long> _lateAnswers;
    private readonly Counter<long> _undeliverable;
    private readonly Counter<long> _lost;
    private readonly UpDownCounter<long> _streamBuffered;
    private readonly Counter<long> _lateStreamFrames;
    private readonly Counter<long> _deadLettered;

    public IpcMetrics(IMeterFactory meters, PeerId self)
    {
        _self = self;
        _meter = meters.Create(IpcDiagnostics.MeterName);
        Messages = new MessageMetrics(_meter, self);
        _lateAnswers = _meter.CreateCounter<long>("ipc.answers.late", "{answer}", "Answers that came after their request had been given up.");
        _undeliverable = _meter.CreateCounter<long>("ipc.messages.undeliverable", "{message}", "Messages that arrived and could not be given to a listener.");
        _lost = _meter.CreateCounter<long>("ipc.messages.lost", "{message}", "Messages that were accepted and went with a process that ended.");
        _streamBuffered = _meter.CreateUpDownCounter<long>("ipc.streams.buffered", "By", "Bytes of streams that have arrived and are not read yet.");
        _lateStreamFrames = _meter.CreateCounter<long>("ipc.streams.late", "{frame}", "Frames of streams that came when their stream had ended here.");
        _deadLettered = _meter.CreateCounter<long>("ipc.messages.dead_lettered", "{message}", "Messages that were set aside because their process died while their listener ran.");
    }

    /// <summary>What is sent and handled.</summary>
    public MessageMetrics Messages { get; }

    /// <summary>How many messages wait or run outside of their lane, read when somebody collects.</summary>
    public void ObservePending(Func<int> pending) => _meter.CreateObservableUpDownCounter(
        "ipc.messages.pending", () => new Measurement<int>(pending(), Own()), "{message}", "Messages that have left their inbox and wait for their turn, or whose listeners run.");

    public void LateAnswer() => Add(_lateAnswers, 1, Own());

    public void StreamBuffered(long bytes) =>
        Telling.Guard((_streamBuffered, bytes, Tags: Own()), static state => state._streamBuffered.Add(state.bytes, state.Tags));

    public void LateStreamFrame() => Add(_lateStreamFrames, 1, Own());

    public void Undeliverable(string reason, string? action = null) => Add(_undeliverable, 1, For(reason, action));

    public void DeadLettered(DeadLetterReason reason, string? action) => Add(_deadLettered, 1, For(reason.ToString(), action));

    /// <summary>Messages were lost.</summary>
    /// <param name="count">How many.</param>
    /// <param name="worker">Whose inbox it was.</param>
    public void Lost(long count, PeerId worker) => Add(_lost, count, TelemetryNames.TagsOf(worker));

    private static void Add(Counter<long> counter, long count, in TagList tags) =>
        Telling.Guard((counter, count, tags), static state => state.counter.Add(state.count, state.tags));

    private TagList Own() => TelemetryNames.TagsOf(_self);

    private TagList For(string reason, string? action)
    {
        var tags = new TagList { { "reason", reason }, { TelemetryNames.Group, _self.Group }, { TelemetryNames.WorkerId, _self.WorkerId } };
        if (action is not null)
        {
            tags.Add(TelemetryNames.Action, action);
        }

        return tags;
    }
}

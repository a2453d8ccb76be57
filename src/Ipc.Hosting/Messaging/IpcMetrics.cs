using System.Diagnostics.Metrics;

namespace Ipc.Messaging;

/// <summary>The counters of one peer.</summary>
internal sealed class IpcMetrics
{
    private readonly Counter<long> _lateAnswers;
    private readonly Counter<long> _undeliverable;
    private readonly Counter<long> _lost;
    private readonly UpDownCounter<long> _streamBuffered;
    private readonly Counter<long> _lateStreamFrames;
    private readonly Counter<long> _deadLettered;

    public IpcMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(IpcDiagnostics.MeterName);
        _lateAnswers = meter.CreateCounter<long>("ipc.answers.late", "{answer}", "Answers that came after their request had been given up.");
        _undeliverable = meter.CreateCounter<long>("ipc.messages.undeliverable", "{message}", "Messages that arrived and could not be given to a listener.");
        _lost = meter.CreateCounter<long>("ipc.messages.lost", "{message}", "Messages that were accepted and went with a process that ended.");
        _streamBuffered = meter.CreateUpDownCounter<long>("ipc.streams.buffered", "By", "Bytes of streams that have arrived and are not read yet.");
        _lateStreamFrames = meter.CreateCounter<long>("ipc.streams.late", "{frame}", "Frames of streams that came when their stream had ended here.");
        _deadLettered = meter.CreateCounter<long>("ipc.messages.dead_lettered", "{message}", "Messages that were set aside because their process died while their listener ran.");
    }

    public void LateAnswer() => Add(_lateAnswers, 1);

    public void StreamBuffered(long bytes)
    {
        try
        {
            _streamBuffered.Add(bytes);
        }
#pragma warning disable CA1031 // A listener's code.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public void LateStreamFrame() => Add(_lateStreamFrames, 1);

    public void Undeliverable(string reason) => Add(_undeliverable, 1, new KeyValuePair<string, object?>("reason", reason));

    public void DeadLettered(DeadLetterReason reason) => Add(_deadLettered, 1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void Lost(long count, PeerId worker) => Add(_lost, count, new KeyValuePair<string, object?>("ipc.group", worker.Group));

    /// <summary>A MeterListener's callback may throw; the counting thread settles messages, and goes on.</summary>
    private static void Add(Counter<long> counter, long count, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(count, tags);
        }
#pragma warning disable CA1031 // A listener's code.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}

using System.Diagnostics.Metrics;

namespace Ipc.Messaging;

/// <summary>The counters of one peer.</summary>
internal sealed class IpcMetrics
{
    private readonly Counter<long> _lateAnswers;
    private readonly Counter<long> _undeliverable;
    private readonly Counter<long> _lost;

    public IpcMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(IpcDiagnostics.MeterName);
        _lateAnswers = meter.CreateCounter<long>("ipc.answers.late", "{answer}", "Answers that came after their request had been given up.");
        _undeliverable = meter.CreateCounter<long>("ipc.messages.undeliverable", "{message}", "Messages that arrived and could not be given to a listener.");
        _lost = meter.CreateCounter<long>("ipc.messages.lost", "{message}", "Messages that were accepted and went with a process that ended.");
    }

    public void LateAnswer() => _lateAnswers.Add(1);

    public void Undeliverable(string reason) => _undeliverable.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Lost(long count, PeerId worker) => _lost.Add(count, new KeyValuePair<string, object?>("ipc.group", worker.Group));
}

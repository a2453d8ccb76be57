using Xunit;

namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>A cluster of real processes, each with OpenTelemetry's SDK: what comes out of it.</summary>
public sealed class TelemetryProcessTests(ExportedCluster cluster) : IClassFixture<ExportedCluster>
{
    [Fact]
    public void A_request_its_listener_and_what_that_sends_form_one_trace_across_processes()
    {
        ExportedSpan root = cluster.Spans.Single(s => s.Name == "checkout");
        List<(int Depth, ExportedSpan Span)> tree = Under(root, 0);

        Assert.Equal(
            [
                "0 checkout Internal", "1 request shop.order Client", "2 process shop.order Server", "3 request shop.price Client", "4 process shop.price Server",
                "3 send shop.placed Producer", "4 process shop.placed Consumer", "5 send shop.seen Producer", "6 process shop.seen Consumer",
            ],
            tree.Select(t => $"{t.Depth} {t.Span.Name} {t.Span.Kind}"));
        Assert.Equal(tree.Count, cluster.Spans.Count(s => s.Trace == root.Trace));
        int[] processes = [.. tree.Select(t => t.Span.ProcessId)];
        int worker0 = processes[2];
        int worker1 = processes[4];
        Assert.Equal(3, new[] { cluster.Supervisor, worker0, worker1 }.Distinct().Count());
        Assert.Equal(worker1, cluster.Victim);
        Assert.Equal([cluster.Supervisor, cluster.Supervisor, worker0, worker0, worker1, worker0, worker1, worker1, cluster.Supervisor], processes);
    }

    [Fact]
    public void A_message_that_waited_for_the_successor_of_a_killed_worker_belongs_to_the_trace_of_its_sender()
    {
        ExportedSpan root = cluster.Spans.Single(s => s.Name == "later");
        List<(int Depth, ExportedSpan Span)> tree = Under(root, 0);

        Assert.Equal(["later", "send shop.placed", "process shop.placed", "send shop.seen", "process shop.seen"], tree.Select(t => t.Span.Name));
        Assert.NotEqual(cluster.Victim, cluster.Successor);
        Assert.Equal([cluster.Supervisor, cluster.Supervisor, cluster.Successor, cluster.Successor, cluster.Supervisor], tree.Select(t => t.Span.ProcessId));
    }

    [Fact]
    public void What_failed_is_an_error_on_both_sides()
    {
        ExportedSpan asked = cluster.Spans.Single(s => s.Name == "request shop.refused");
        ExportedSpan handled = cluster.Spans.Single(s => s.Name == "process shop.refused");
        Assert.Equal((asked.Trace, asked.Id, "Error", "Error"), (handled.Trace, handled.Parent, asked.Status, handled.Status));
        Assert.Contains("error.type=ListenerFailed", asked.Tags, StringComparison.Ordinal);
        Assert.Contains("error.type=System.NotSupportedException", handled.Tags, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_sent_and_handled_is_counted_and_measured_by_group_worker_and_action()
    {
        const string Order = "ipc.group=supervisor ipc.worker.id=0 messaging.destination.name=shop.order messaging.operation.name=request messaging.system=ipc";
        const string Handled = "ipc.group=worker ipc.worker.id=0 messaging.destination.name=shop.order messaging.operation.name=process messaging.system=ipc";
        const string Refused = "error.type=System.NotSupportedException ipc.group=worker ipc.worker.id=0 messaging.destination.name=shop.refused messaging.operation.name=process messaging.system=ipc";

        Assert.Equal((1, "{message}"), Value("messaging.client.sent.messages", Order));
        Assert.Equal((1, "s"), Value("messaging.client.operation.duration", Order));
        Assert.Equal((1, "{message}"), Value("messaging.client.consumed.messages", Handled));
        Assert.Equal((1, "s"), Value("messaging.process.duration", Handled));
        Assert.Equal((1, "s"), Value("ipc.messages.queue.duration", Handled));
        Assert.Equal((1, "{message}"), Value("messaging.client.consumed.messages", Refused));
        Assert.InRange(Point("messaging.client.operation.duration", Order).Sum, 0.000_001, 120);
        Assert.InRange(Point("messaging.process.duration", Handled).Sum, 0.000_001, 120);
    }

    [Fact]
    public void A_message_that_waited_for_a_successor_has_waited_since_it_was_sent()
    {
        ExportedMetric queued = cluster.Metrics.Single(m =>
            m.ProcessId == cluster.Successor && m.Name == "ipc.messages.queue.duration" && m.Tags.Contains("=shop.placed ", StringComparison.Ordinal));
        Assert.Equal(1, queued.Value);
        Assert.InRange(queued.Sum, 0.1, 120); // a worker is started again after a tenth of a second at the earliest
    }

    [Fact]
    public void The_supervisor_reports_its_workers_restarts_memory_and_inboxes()
    {
        Assert.Equal((2, "{worker}"), Value("ipc.workers", "ipc.group=worker ipc.worker.state=ready"));
        Assert.Equal((0, "{restart}"), Value("ipc.worker.restarts", "ipc.group=worker ipc.worker.id=0"));
        Assert.Equal((1, "{restart}"), Value("ipc.worker.restarts", "ipc.group=worker ipc.worker.id=1"));
        Assert.Equal((1, "{message}"), Value("ipc.messages.lost", "ipc.group=worker ipc.worker.id=1"));
        Assert.InRange(Value("ipc.messages.pending", "ipc.group=supervisor ipc.worker.id=0").Value, 0, 3);
        for (int worker = 0; worker < 2; worker++)
        {
            string tags = $"ipc.group=worker ipc.worker.id={worker}";
            Assert.InRange(Value("ipc.worker.memory.usage", tags).Value, 10 << 20, 2L << 30);
            Assert.InRange(Value("ipc.inbox.usage", tags).Value, 0, 4096); // what was answered just now may not be finished yet
            Assert.InRange(Value("ipc.inbox.utilization", tags).Value, 0, 0.01);
        }

        Assert.InRange(Value("ipc.shared_memory.usage", "").Value, 1 << 20, 100 << 20);
    }

    private List<(int Depth, ExportedSpan Span)> Under(ExportedSpan span, int depth) =>
    [
        (depth, span),
        .. cluster.Spans.Where(s => s.Parent == span.Id).OrderBy(s => s.Name, StringComparer.Ordinal).SelectMany(s => Under(s, depth + 1)),
    ];

    private ExportedMetric Point(string name, string tags) => cluster.Metrics.First(m => m.Name == name && m.Tags == tags); // first what was collected while all ran

    private (double Value, string Unit) Value(string name, string tags) => (Point(name, tags).Value, Point(name, tags).Unit);
}

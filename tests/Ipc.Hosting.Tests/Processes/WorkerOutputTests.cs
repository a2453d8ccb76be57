using System.Text;
using Ipc.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What becomes of the bytes that workers print.</summary>
public sealed class WorkerOutputTests : IDisposable
{
    private static readonly PeerId Worker = PeerId.Worker("task", 1, 3);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly RecordingLog _records = new();
    private readonly ILoggerFactory _loggers;
    private readonly OutputThread _thread = new();
    private readonly LastWords _lastWords = new();

    public WorkerOutputTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_records).SetMinimumLevel(LogLevel.Trace));

    public void Dispose()
    {
        _thread.Dispose();
        _loggers.Dispose();
    }

    [Theory]
    [InlineData(false, LogLevel.Information, 130)]
    [InlineData(true, LogLevel.Warning, 131)]
    public async Task A_line_becomes_a_record_with_group_and_id(bool isError, LogLevel level, int eventId)
    {
        await ReadAsync(isError, "hello, {world}\r\n\n"u8.ToArray());

        RecordingLog.Entry entry = Assert.Single(_records.Entries);
        Assert.Equal((level, "Ipc.Output", eventId, "task/1: hello, {world}"), (entry.Level, entry.Category, entry.EventId, entry.Text));
        Assert.Equal(("task", 1, 3, "hello, {world}"), (entry.Values["Group"], entry.Values["WorkerId"], entry.Values["Incarnation"], entry.Values["Line"]));
    }

    [Fact]
    public void What_is_passed_through_is_written_under_the_lock_of_the_consoles_writer()
    {
        using var writer = new StringWriter();
        using var console = new WatchedStream(writer);

        new PassThroughSink(console, writer).Write("no line feed"u8, isCut: false);

        Assert.Equal([true, true], console.WasLocked);
    }

    [Fact]
    public async Task Lines_and_characters_stay_whole_across_reads_and_the_text_after_the_last_line_feed_is_kept()
    {
        byte[] text = Encoding.UTF8.GetBytes("größer\nals 中文\nthe last words 🙂");

        await ReadAsync(isError: false, [.. text.Select(b => new[] { b })]);

        Assert.Equal(["task/1: größer", "task/1: als 中文", "task/1: the last words 🙂"], Texts());
    }

    [Fact]
    public async Task A_line_that_is_too_long_goes_in_pieces_that_are_marked_and_cut_between_characters()
    {
        byte[] line = Encoding.UTF8.GetBytes("a" + new string('ü', WorkerOutput.BufferSize) + "\nnext\n");

        await ReadAsync(isError: false, [.. line.Chunk(1024)]);

        string[] texts = Texts();
        Assert.Equal(4, texts.Length);
        Assert.Equal("task/1: a" + new string('ü', (WorkerOutput.BufferSize / 2) - 1) + "…", texts[0]);
        Assert.Equal("task/1: …" + new string('ü', WorkerOutput.BufferSize / 2) + "…", texts[1]);
        Assert.Equal("task/1: …ü", texts[2]);
        Assert.Equal("task/1: next", texts[3]);
    }

    [Fact]
    public async Task A_record_of_a_workers_console_logger_keeps_level_category_event_id_and_all_its_lines()
    {
        string written = Format(LogLevel.Error, "Shop.Orders", 7, "a\\b\nsecond line", new InvalidTimeZoneException("no such zone"));
        Assert.Equal(1, written.Count(c => c == '\n'));

        await ReadAsync(isError: false, Encoding.UTF8.GetBytes("no line feed" + written + "plain\n"));

        RecordingLog.Entry[] entries = [.. _records.Entries];
        Assert.Equal(["task/1: no line feed", "task/1: a\\b\nsecond line\nSystem.InvalidTimeZoneException: no such zone", "task/1: plain"], Texts());
        Assert.Equal((LogLevel.Error, "Shop.Orders", 7), (entries[1].Level, entries[1].Category, entries[1].EventId));
        Assert.Equal("Ipc.Output", entries[2].Category);
    }

    [Fact]
    public async Task The_pieces_of_a_long_record_stay_one_records()
    {
        string written = Format(LogLevel.Critical, "Shop.Orders", 7, new string('x', WorkerOutput.BufferSize), null);

        await ReadAsync(isError: false, [.. Encoding.UTF8.GetBytes(written + "plain\n").Chunk(4096)]);

        Assert.Equal([LogLevel.Critical, LogLevel.Critical, LogLevel.Information], _records.Entries.Select(e => e.Level));
        Assert.EndsWith("x…", Texts()[0], StringComparison.Ordinal);
        Assert.StartsWith("task/1: …x", Texts()[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("9\u001f7\u001fShop\u001ftext")]
    [InlineData("2\u001fseven\u001fShop\u001ftext")]
    [InlineData("2\u001f7\u001fShop")]
    public async Task What_only_looks_like_a_record_is_a_line(string text)
    {
        await ReadAsync(isError: false, Encoding.UTF8.GetBytes($"\u001e{text}\n"));

        Assert.Equal("Ipc.Output", Assert.Single(_records.Entries).Category);
    }

    [Fact]
    public void Records_go_to_the_console_only_where_there_is_one_since_the_workers_other_providers_have_had_them()
    {
        using var options = new OptionsMonitorOf(new ConsoleLoggerOptions { FormatterName = "kept" });
        var formatter = new KeepingFormatter();
        using (var console = new ConsoleLoggerProvider(options, [formatter]))
        {
            var log = new OutputLog(_loggers, console);
            log.Write(Worker, new OutputRecord(LogLevel.Warning, 7, "Shop.Orders", "late"));
            log.Write(new OutputLine(Worker, "printed"), isError: false);
        }

        Assert.Equal(["Shop.Orders task/1: late"], formatter.Kept);
        Assert.Equal(["task/1: printed"], Texts());
    }

    [Fact]
    public async Task A_worker_that_floods_a_slow_console_is_held_back_and_another_has_its_turn()
    {
        using var entered = new SemaphoreSlim(0);
        using var gate = new SemaphoreSlim(0);
        var written = new List<string>();
        var sink = new DelegateSink(lines =>
        {
            entered.Release();
            gate.Wait();
            written.Add(Encoding.UTF8.GetString(lines));
        });
        var flood = new PiecewiseStream(Enumerable.Repeat("flood\n"u8.ToArray(), 1000));
        Task flooding = WorkerOutput.ReadAsync(flood, sink, _thread, null);
        Assert.True(await entered.WaitAsync(Deadline));
        Task other = WorkerOutput.ReadAsync(new PiecewiseStream(["other\n"u8.ToArray()]), sink, _thread, null);

        Assert.Equal(1, flood.Reads); // nothing more is read, so nothing more is kept
        gate.Release();
        Assert.True(await entered.WaitAsync(Deadline));
        gate.Release();
        await other.WaitAsync(Deadline);
        Assert.Equal(["flood\n", "other\n"], written[..2]);
        Assert.InRange(flood.Reads, 1, 2);
        gate.Release(1000);
        await flooding.WaitAsync(Deadline);
        Assert.Equal(1001, written.Count);
    }

    [Fact]
    public async Task A_console_that_is_closed_does_not_stop_the_worker_from_printing()
    {
        var stream = new PiecewiseStream(Enumerable.Repeat("line\n"u8.ToArray(), 10));

        await WorkerOutput.ReadAsync(stream, new DelegateSink(_ => throw new IOException("Broken pipe")), _thread, null).WaitAsync(Deadline);

        Assert.Equal(11, stream.Reads);
    }

    [Fact]
    public async Task Lines_that_pass_through_are_what_the_worker_printed_and_the_last_one_is_ended()
    {
        var console = new MemoryStream();

        await WorkerOutput.ReadAsync(new PiecewiseStream(["  a\r\n\nb"u8.ToArray()]), new PassThroughSink(console, TextWriter.Null), _thread, null);

        Assert.Equal("  a\r\n\nb\n", Encoding.UTF8.GetString(console.ToArray()));
    }

    private static string Format(LogLevel level, string category, int eventId, string text, Exception? exception)
    {
        using var writer = new StringWriter();
        var entry = new LogEntry<string>(level, category, new EventId(eventId), text, exception, static (state, _) => state);
        new OutputRecordFormatter().Write(entry, null, writer);
        return writer.ToString();
    }

    private Task ReadAsync(bool isError, params byte[][] pieces) =>
        WorkerOutput.ReadAsync(new PiecewiseStream(pieces), new LogSink(new OutputLog(_loggers, null), Worker, isError, _lastWords), _thread, null).WaitAsync(Deadline);

    private string[] Texts() => [.. _records.Entries.Select(e => e.Text)];

    private sealed class DelegateSink(Action<byte[]> write) : IOutputSink
    {
        public void Write(ReadOnlySpan<byte> lines, bool isCut) => write(lines.ToArray());
    }

    private sealed class KeepingFormatter() : ConsoleFormatter("kept")
    {
        public List<string> Kept { get; } = [];

        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) =>
            Kept.Add($"{logEntry.Category} {logEntry.Formatter(logEntry.State, logEntry.Exception)}");
    }

    private sealed class OptionsMonitorOf(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>, IDisposable
    {
        public ConsoleLoggerOptions CurrentValue => options;

        public ConsoleLoggerOptions Get(string? name) => options;

        public IDisposable OnChange(Action<ConsoleLoggerOptions, string?> listener) => this;

        public void Dispose()
        {
        }
    }

    private sealed class WatchedStream(object gate) : MemoryStream
    {
        public List<bool> WasLocked { get; } = [];

        public override void Write(ReadOnlySpan<byte> buffer) => WasLocked.Add(Monitor.IsEntered(gate));

        public override void WriteByte(byte value) => WasLocked.Add(Monitor.IsEntered(gate));
    }
}

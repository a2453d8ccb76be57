using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ipc.JsonLines;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

/// <summary>Whatever a client sends: it is told what is wrong, nobody else notices, and memory is bounded.</summary>
public sealed class JsonLinesBadInputTests(CalculatorCluster shared) : IClassFixture<CalculatorCluster>
{
    private const string Good = """{"rid":"good","method":"add","args":[1,2]}""";
    private const string GoodAnswer = """{"rid":"good","success":true,"data":3}""";

    [Theory]
    [InlineData("hello", "null", "BadMessage", "not JSON")]
    [InlineData("""{"rid":1,"method":"add","args":[1,2""", "null", "BadMessage", "not JSON")]
    [InlineData("""{"rid":1} {"rid":2}""", "null", "BadMessage", "not JSON")]
    [InlineData("[1,2]", "null", "BadMessage", "JSON object")]
    [InlineData("{}", "null", "BadMessage", "exactly one of the members register, action, method")]
    [InlineData("""{"rid":1,"action":"test.note","method":"add"}""", "1", "BadMessage", "exactly one")]
    [InlineData("""{"rid":1,"method":"add","method":"add"}""", "1", "BadMessage", "stands twice")]
    [InlineData("""{"rid":1,"methud":"add"}""", "1", "BadMessage", "Did you mean \\\"method\\\"")]
    [InlineData("""{"rid":1,"method":"add","data":[1]}""", "1", "BadMessage", "has no member \\\"data\\\"")]
    [InlineData("""{"rid":1,"register":"me","target":"all"}""", "1", "BadMessage", "has no member \\\"target\\\"")]
    [InlineData("""{"rid":[1],"method":"add","args":[1]}""", "null", "BadMessage", "number or a text")]
    [InlineData("""{"method":"add","args":[1]}""", "null", "BadMessage", "needs a \\\"rid\\\"")]
    [InlineData("""{"rid":1,"method":7}""", "1", "BadMessage", "text of 1 to 1024")]
    [InlineData("""{"rid":1,"method":""}""", "1", "BadMessage", "text of 1 to 1024")]
    [InlineData("""{"rid":1,"action":"PIPE_MESSAGE.test.note"}""", "1", "BadMessage", "its action is \\\"test.note\\\"")]
    [InlineData("""{"rid":1,"action":"\u0003topic:orders"}""", "1", "BadMessage", "control characters")]
    [InlineData("""{"rid":1,"register":"me","actions":["\u0002x"]}""", "1", "BadMessage", "control characters")]
    [InlineData("""{"rid":1,"register":"me","actions":"test.note"}""", "1", "BadMessage", "array")]
    [InlineData("""{"rid":1,"method":"add","args":[1],"timeout":0}""", "1", "BadMessage", "milliseconds")]
    [InlineData("""{"rid":1,"method":"add","args":[1],"timeout":"1s"}""", "1", "BadMessage", "milliseconds")]
    [InlineData("""{"rid":1,"method":"add","args":[1],"target":"everybody"}""", "1", "BadMessage", "is no target")]
    [InlineData("""{"rid":1,"method":"add","args":[1],"target":"all"}""", "1", "BadMessage", "any:GROUP")]
    [InlineData("""{"rid":1,"method":"add","args":[1],"target":"web/0"}""", "1", "NoSuchTarget", "no group \\\"web\\\"")]
    [InlineData("""{"rid":1,"method":"add","args":[1],"target":"worker/9"}""", "1", "NoSuchTarget", "no worker 9")]
    [InlineData("""{"rid":1,"method":"add","args":["one"]}""", "1", "BadMessage", "whole number")]
    [InlineData("""{"rid":1,"method":"add","args":[1.5]}""", "1", "BadMessage", "whole number")]
    [InlineData("""{"rid":1,"method":"add","args":[12345678901]}""", "1", "BadMessage", "could not be decoded")]
    [InlineData("""{"rid":1,"method":"add","args":5}""", "1", "BadMessage", "array or an object")]
    [InlineData("""{"rid":1,"method":"name","args":[5]}""", "1", "BadMessage", "no arguments")]
    [InlineData("""{"rid":1,"method":"test.double","args":[1,2]}""", "1", "BadMessage", "at most 1 arguments (Number)")]
    [InlineData("""{"rid":1,"method":"remember","args":["\ud800"]}""", "1", "BadMessage", "JSON")]
    [InlineData("""{"rid":1,"method":"\ud800"}""", "1", "BadMessage", "")]
    [InlineData("""{"rid":1,"method":"addd","args":[1]}""", "1", "NoListener", "no method \\\"addd\\\". Did you mean \\\"add\\\"?")]
    [InlineData("""{"rid":1,"method":"nobody.at.all","args":[1]}""", "1", "NoListener", "nobody.at.all")]
    [InlineData("""{"rid":1,"method":"sum","args":[1]}""", "1", "BadMessage", "use the whole name")]
    [InlineData("""{"rid":1,"method":"watch","args":[1]}""", "1", "BadMessage", "watch")]
    [InlineData("""{"action":"test.noet","data":{"text":"x"}}""", "null", "NoListener", "no action \\\"test.noet\\\". Did you mean \\\"test.note\\\"?")]
    [InlineData("""{"action":"test.note","data":"text"}""", "null", "BadMessage", "Expected an object")]
    [InlineData("""{"action":"test.note","data":{"text":5}}""", "null", "BadMessage", "Expected text")]
    public async Task What_is_wrong_is_answered_and_the_connection_goes_on(string line, string id, string reason, string text)
    {
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        string answer = await connection.AskAsync(line);
        Assert.StartsWith($$"""{"rid":{{id}},"success":false,"error":{"reason":"{{reason}}","message":""", answer, StringComparison.Ordinal);
        Assert.Contains(text, answer, StringComparison.Ordinal);
        Assert.Equal(GoodAnswer, await connection.AskAsync(Good));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public async Task What_is_said_about_a_long_name_is_cut_wherever_its_characters_end(string before)
    {
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        using JsonDocument answer = JsonDocument.Parse(await connection.AskAsync($$"""{"{{before}}{{string.Concat(Enumerable.Repeat("𝄞", 3_000))}}":1}"""));
        Assert.InRange(answer.RootElement.GetProperty("error").GetProperty("message").GetString()!.Length, 4_000, 4_200);
        Assert.Equal(GoodAnswer, await connection.AskAsync(Good));
    }

    [Fact]
    public async Task A_line_that_is_torn_in_the_middle_of_a_character_is_whole_when_its_rest_comes()
    {
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        byte[] line = """{"rid":1,"method":"words","args":["€𝄞"]}"""u8.ToArray();
        for (int i = 0; i < line.Length; i++)
        {
            await connection.SendAsync(line.AsMemory(i, 1));
        }

        using JsonDocument answer = JsonDocument.Parse(await connection.AskAsync(""));
        Assert.Equal("€𝄞", answer.RootElement.GetProperty("data")[0].GetString());
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xE2)] // the first byte of three
    public async Task Bytes_that_are_no_UTF_8_are_refused(byte wrong)
    {
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        byte[] line = [.. """{"rid":1,"method":"words","args":["""u8, (byte)'"', wrong, (byte)'"', .. "]}\n"u8];
        await connection.SendAsync(line);
        Assert.Equal("""{"rid":null,"success":false,"error":{"reason":"BadMessage","message":"The line is not UTF-8."}}""", await connection.ReadAsync());
        Assert.Equal(GoodAnswer, await connection.AskAsync(Good));
    }

    [Fact]
    public async Task A_connection_that_ends_in_the_middle_of_a_line_is_told_and_closed()
    {
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        await connection.SendAsync("""{"rid":1,"method":"a"""u8.ToArray());
        connection.Client.Shutdown(SocketShutdown.Send);
        Assert.Contains("\"BadMessage\"", await connection.ReadAsync(), StringComparison.Ordinal);
        await connection.Session;
    }

    [Fact]
    public async Task An_endless_line_is_told_once_and_costs_no_memory()
    {
        const int Size = 32 << 20;
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster, maxLineLength: 64 << 10);
        await connection.SendAsync(new byte[Size]);
        Assert.StartsWith("""{"rid":null,"success":false,"error":{"reason":"MessageTooLarge","message":"The line is longer than 65536 bytes""", await connection.ReadAsync(), StringComparison.Ordinal);
        await connection.SendAsync("");
        Assert.Equal(GoodAnswer, await connection.AskAsync(Good));
    }

    [Fact]
    public async Task JSON_that_is_too_deep_is_refused()
    {
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        foreach (int depth in (int[])[70, 100_000])
        {
            string answer = await connection.AskAsync($$"""{"rid":1,"method":"of.another.program","args":{{new string('[', depth)}}{{new string(']', depth)}}}""");
            Assert.Contains("\"BadMessage\"", answer, StringComparison.Ordinal);
        }

        Assert.Equal(GoodAnswer, await connection.AskAsync(Good));
    }

    [Fact]
    public async Task A_client_that_sends_calls_and_reads_no_answers_is_not_read_beyond_the_limit_and_nobody_else_notices()
    {
        await using InProcessCluster cluster = await CalculatorCluster.StartAsync();
        await using JsonLinesConnection flooding = await JsonLinesConnection.OpenAsync(cluster);
        await using JsonLinesConnection other = await JsonLinesConnection.OpenAsync(cluster);
        byte[] flood = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"rid\":1,\"method\":\"wait\",\"args\":[\"slow\"]}\n", 100_000)));
        Task sending = flooding.SendAsync(flood);
        await cluster.Recorder.WaitForAsync(JsonLinesSession.MaxInFlight);
        Assert.Equal(GoodAnswer, await other.AskAsync(Good));
        Assert.Equal(JsonLinesSession.MaxInFlight, cluster.Recorder.Entries.Count);
        Assert.False(sending.IsCompleted);

        flooding.Client.Close(); // its calls are given up, and so is what it had still to say
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
        await flooding.Session.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(GoodAnswer, await other.AskAsync(Good));
    }

    [Fact]
    public async Task A_client_that_sends_nonsense_and_reads_no_answers_is_not_read_until_it_does()
    {
        var stream = new StuckStream(Enumerable.Repeat("x\n"u8.ToArray(), 100));
        using var session = new JsonLinesSession(stream, new SenderHost(shared.Cluster.Sender, new MethodTable([]), 1 << 20));
        Task running = session.RunAsync(CancellationToken.None);
        Assert.Equal(1, stream.Reads); // everything until the first answer has run by now

        stream.Release();
        await running.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(101, stream.Reads);
        Assert.Equal(100, stream.Written.Count(written => written == '\n'));
    }

    /// <summary>Gives pieces, and takes nothing until it is released.</summary>
    private sealed class StuckStream(IEnumerable<byte[]> pieces) : MemoryStream
    {
        private readonly PiecewiseStream _pieces = new(pieces);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Reads => _pieces.Reads;

        public string Written => Encoding.UTF8.GetString(ToArray());

        public void Release() => _released.SetResult();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _pieces.ReadAsync(buffer, cancellationToken);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _released.Task.WaitAsync(cancellationToken);
            Write(buffer.Span);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Ipc.JsonLines;
using Ipc.Serialization;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

/// <summary>What a script sees of a cluster.</summary>
public sealed class JsonLinesSessionTests(CalculatorCluster shared) : IClassFixture<CalculatorCluster>
{
    [Theory]
    [InlineData("""{"rid":1,"method":"add","args":[1,2,3,4,5]}""", """{"rid":1,"success":true,"data":15}""")]
    [InlineData("""{"rid":"x","method":"add","args":[[1,2]]}""", """{"rid":"x","success":true,"data":3}""")]
    [InlineData("""{"rid":12345678901234567890,"method":"add","args":{"values":[4]}}""", """{"rid":12345678901234567890,"success":true,"data":4}""")]
    [InlineData("""{"rid":2,"method":"add"}""", """{"rid":2,"success":true,"data":0}""")]
    [InlineData("""{"rid":3,"method":"ICalculator.AddAsync(int,int)","args":[1]}""", """{"rid":3,"success":true,"data":41}""")]
    [InlineData("""{"rid":4,"method":"divide","args":{"divisor":2,"dividend":7,"rounding":"up"},"target":"worker/1"}""", """{"rid":4,"success":true,"data":[3,1]}""")]
    [InlineData("""{"rid":5,"method":"words","args":["ä","\u20ac",null]}""", """{"rid":5,"success":true,"data":[null,"€","ä"]}""")]
    [InlineData("""{"rid":6,"method":"forget"}""", """{"rid":6,"success":true,"data":null}""")]
    [InlineData("""{"rid":7,"method":"name","target":"worker/2","timeout":20000}""", """{"rid":7,"success":true,"data":"worker/2"}""")]
    [InlineData("""{"rid":8,"method":"test.double","args":[21],"target":"worker/1"}""", """{"rid":8,"success":true,"data":{"Number":42,"WorkerId":1}}""")]
    [InlineData("""{"rid":9,"method":"test.double","args":{"number":1},"target":"worker/0"}""", """{"rid":9,"success":true,"data":{"Number":2,"WorkerId":0}}""")]
    [InlineData("""{"rid":10,"method":"test.fail","args":["why"]}""", """{"rid":10,"success":false,"error":{"reason":"ListenerFailed","message":"why","type":"System.InvalidTimeZoneException"}}""")]
    public async Task A_method_is_called_and_its_answer_repeats_the_rid(string line, string answer)
    {
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        Assert.Equal(answer, await connection.AskAsync(line));
    }

    [Fact]
    public async Task A_message_goes_to_its_target_and_is_answered_only_where_it_has_a_rid()
    {
        await using InProcessCluster cluster = await CalculatorCluster.StartAsync();
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(cluster);
        await connection.SendAsync("""{"action":"test.note","data":{"text":"one"},"target":"all"}""", """{"action":"test.note","data":{"text":"two"},"target":"worker/1"}""");
        Assert.Equal("""{"rid":3,"success":true}""", await connection.AskAsync("""{"rid":3,"action":"test.note","data":{"text":"three"},"target":"supervisor"}"""));
        IReadOnlyList<string> seen = await cluster.Recorder.WaitForAsync(5);
        Assert.Equal(
            ["supervisor/0:three", "worker/0:one", "worker/1:one", "worker/1:two", "worker/2:one"], seen.Select(entry => string.Join(':', entry.Split(':')[..2])).Order(StringComparer.Ordinal));
        Assert.Equal(["worker/1:one", "worker/1:two"], seen.Where(entry => entry.StartsWith("worker/1", StringComparison.Ordinal)).Select(entry => string.Join(':', entry.Split(':')[..2])));
    }

    [Fact]
    public async Task Answers_come_in_the_order_in_which_they_are_there()
    {
        await using InProcessCluster cluster = await CalculatorCluster.StartAsync();
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(cluster);
        await connection.SendAsync("""{"rid":1,"method":"wait","args":["slow"]}""");
        Assert.Equal("""{"rid":2,"success":true,"data":1}""", await connection.AskAsync("""{"rid":2,"method":"add","args":[1]}"""));
        cluster.Gates.Release.SetResult();
        Assert.Equal("""{"rid":1,"success":true,"data":null}""", await connection.ReadAsync());
    }

    [Fact]
    public async Task Ten_thousand_calls_that_are_sent_at_once_are_all_answered()
    {
        const int Calls = 10_000;
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        Task sending = connection.SendAsync([.. Enumerable.Range(0, Calls).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"rid":{{i}},"method":"add","args":[{{i}},1]}"""))]);
        var answers = new Dictionary<int, int>();
        for (int i = 0; i < Calls; i++)
        {
            using JsonDocument answer = JsonDocument.Parse(await connection.ReadAsync());
            answers.Add(answer.RootElement.GetProperty("rid").GetInt32(), answer.RootElement.GetProperty("data").GetInt32());
        }

        await sending;
        Assert.All(answers, answer => Assert.Equal(answer.Key + 1, answer.Value));
    }

    [Fact]
    public async Task A_client_that_registers_gets_messages_as_lines()
    {
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(shared.Cluster);
        Assert.StartsWith("""{"rid":0,"success":false,"error":{"reason":"NotAllowed",""", await connection.AskAsync("""{"rid":0,"register":"refused"}"""), StringComparison.Ordinal);
        Assert.Equal("""{"rid":null,"success":true,"data":"client client1#7"}""", await connection.AskAsync("""{"register":"client1","actions":["test.note","test.note","else"]}"""));
        Assert.Equal(["test.note", "else"], connection.Host.Actions);
        await connection.Host.Inbox!("test.note", MessageBody.From(new Note("hello"), MessageSerializer.Of<Note>()), PeerId.Worker("worker", 1, 2));
        Assert.Equal("""{"action":"test.note","data":{"Text":"hello"},"from":"worker/1#2"}""", await connection.ReadAsync());
        await connection.Host.Inbox!("else", MessageBody.From(5), PeerId.Supervisor);
        Assert.Equal("""{"action":"else","data":5,"from":"supervisor"}""", await connection.ReadAsync());
    }

    [Fact]
    public async Task What_is_under_way_when_the_client_sends_no_more_is_still_answered()
    {
        await using InProcessCluster cluster = await CalculatorCluster.StartAsync();
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(cluster);
        await connection.SendAsync("""{"rid":1,"method":"wait","args":["slow"]}"""u8.ToArray()); // no line end behind it, as a script may leave it
        connection.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await cluster.Recorder.WaitForAsync(1);
        Assert.False(connection.Session.IsCompleted);
        cluster.Gates.Release.SetResult();
        Assert.Equal("""{"rid":1,"success":true,"data":null}""", await connection.ReadAsync());
        await connection.Session;
        Assert.True(connection.Host.HasLeft);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_nobody_reads_the_answers_any_more_what_is_under_way_is_cancelled(bool saidThatItSendsNoMore)
    {
        await using InProcessCluster cluster = await CalculatorCluster.StartAsync();
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(cluster);
        await connection.SendAsync("""{"rid":1,"method":"wait","args":["slow"]}""");
        await cluster.Recorder.WaitForAsync(1);
        if (saidThatItSendsNoMore)
        {
            connection.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        }

        connection.Client.Close();
        await cluster.Gates.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_connection_that_fails_in_a_way_that_nobody_expects_leaves_the_cluster_too()
    {
        var host = new SenderHost(shared.Cluster.Sender, new MethodTable([]), 1 << 20);
        using var session = new JsonLinesSession(new PiecewiseStream(["{\"register\":\"client1\"}\n"u8.ToArray()]), host); // it cannot be written to
        await Assert.ThrowsAsync<NotSupportedException>(() => session.RunAsync(CancellationToken.None));
        Assert.Equal("client1", host.Id.Group);
        Assert.True(host.HasLeft);
    }

    [Fact]
    public async Task A_cluster_that_stops_ends_the_reading_and_answers_what_is_under_way()
    {
        using var stopping = new CancellationTokenSource();
        await using InProcessCluster cluster = await CalculatorCluster.StartAsync();
        await using JsonLinesConnection connection = await JsonLinesConnection.OpenAsync(cluster, stopping: stopping.Token);
        await connection.SendAsync("""{"rid":1,"method":"wait","args":["slow"]}""");
        await cluster.Recorder.WaitForAsync(1);
        await stopping.CancelAsync();
        cluster.Gates.Release.SetResult();
        Assert.Equal("""{"rid":1,"success":true,"data":null}""", await connection.ReadAsync());
        await connection.Session;
    }
}

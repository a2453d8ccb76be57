using Ipc;
using Ipc.Transports;
using Ipc.Transports.Peer;
using Microsoft.Extensions.Logging.Abstractions;

// A worker for tests: connects with the ticket from its environment and answers every request with the same bytes. When told to, it sends numbers to the supervisor for ever ("stream"),
// or does with one-way frames what their mode says ("take", "start", "hold", "return"); "max=N" is the largest message.
string endpoint = Environment.GetEnvironmentVariable("IPC_TEST_ENDPOINT") ?? throw new InvalidOperationException("Started by tests only.");
string secret = Environment.GetEnvironmentVariable("IPC_TEST_SECRET")!;
PeerId self = PeerId.Worker("worker", int.Parse(args[0], null), int.Parse(args[1], null));

var limits = new TransportLimits();
if (Array.Find(args, arg => arg.StartsWith("max=", StringComparison.Ordinal)) is { } max)
{
    limits = limits with { MaxMessageSize = int.Parse(max[4..], null) };
}

var receiver = new EchoReceiver(args);
await using WorkerTransport transport = await WorkerTransport.ConnectAsync(
    new WorkerTransportOptions { Endpoint = endpoint, Secret = secret, Self = self, Limits = limits }, PeerActions.None, receiver, receiver, NullLoggerFactory.Instance, CancellationToken.None);
receiver.Begin(transport);
await transport.ReportReadyAsync(CancellationToken.None);
if (args.Contains("stream"))
{
    await receiver.StreamAsync(transport);
}

await receiver.Finished;
return 0;

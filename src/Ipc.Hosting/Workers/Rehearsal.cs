using System.Diagnostics.Metrics;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Supervision;
using Ipc.Telemetry;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Workers;

/// <summary>
/// What a process that is held without a worker id does before it says that it is ready: it plays both parts of a cluster of its own, up to the answer to a request that had waited in the inbox that it takes over.
/// Then the runtime has compiled all of that, and a real inbox does not wait for it.
/// </summary>
internal static class Rehearsal
{
    private const string Group = "rehearsal";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Plays it. Whatever fails costs nothing but the time that it was to save.</summary>
    public static async Task RunAsync(ListenerRegistry registry, TransportLimits limits, bool useSharedMemory, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            registry.Prepare();
            if (MessageTracing.Source.HasListeners())
            {
                return; // who traces already would see messages that there were not
            }

            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(Limit);
            await PlayAsync(new SupervisorTransportOptions { Name = Group, Limits = limits, UseSharedMemory = useSharedMemory }, late.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As the summary says.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            MessagingLog.RehearsalFailed(loggers.CreateLogger("Ipc.Workers"), e);
        }
    }

    private static async Task PlayAsync(SupervisorTransportOptions options, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        using var meters = new SilentMeters();
        await using Peer supervisor = MakePeer(PeerId.Supervisor, services, meters);
        var standby = PeerId.Standby(Group, 1);
        await using Peer worker = MakePeer(standby, services, meters);
        var events = new Events(worker);
        await using SupervisorTransport inbox = SupervisorTransport.Start(options, supervisor.Registry.Actions, supervisor, events, NullLoggerFactory.Instance);
        supervisor.Attach(inbox);
        inbox.AddSlot(Group, 0);
        WorkerTicket ticket = inbox.ExpectHeld(standby);
        inbox.SetProcessId(standby, Environment.ProcessId);
        var toConnect = new WorkerTransportOptions { Endpoint = ticket.Endpoint, Secret = ticket.Secret, Self = standby, Limits = options.Limits };
        await using WorkerTransport transport = await WorkerTransport
            .ConnectAsync(toConnect, worker.Registry.Actions, worker, events, NullLoggerFactory.Instance, cancellationToken).ConfigureAwait(false);
        events.Transport = transport;
        worker.Hold(transport.RequestId);
        await transport.ReportReadyAsync(cancellationToken).ConfigureAwait(false);
        await events.Prepared.WaitAsync(cancellationToken).ConfigureAwait(false);

        IMessageSender sender = supervisor.Sender;
        var target = Target.Worker(Group, 0);
        Task<int> waiting = sender.RequestAsync<ScaleWorkers, int>(new ScaleWorkers(Group, 1), target, cancellationToken: cancellationToken).AsTask();
        inbox.GiveId(standby, PeerId.Worker(Group, 0, 1));
        await waiting.ConfigureAwait(false);
        for (int i = 0; i < 2; i++) // the second time its listener exists, and runs on the reading thread
        {
            await sender.SendAsync(new ReloadWorkers(Group), target, cancellationToken: cancellationToken).ConfigureAwait(false);
            await sender.RequestAsync<ReloadWorkers, ReloadResult>(new ReloadWorkers(Group), target, cancellationToken: cancellationToken).ConfigureAwait(false);
            await sender.RequestAsync<ScaleWorkers, int>(new ScaleWorkers(Group, 1), target, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private static Peer MakePeer(PeerId self, ServiceProvider services, SilentMeters meters)
    {
        var registration = new IpcRegistration(new ServiceCollection(), self, identity: null, isSecondHostOfWorker: false);
        registration.Wirings.Add(new IpcWiringOptions { Table = new Table() });
        return new Peer(
            registration, new IpcOptions(), services, meters, NullLogger<Peer>.Instance, NullLogger<Dispatcher>.Instance);
    }

    /// <summary>One that awaits, and is constructed for each message. Any message of this library will do.</summary>
    private sealed class AwaitingListener : IListener<ScaleWorkers, int>
    {
        public async ValueTask<int> HandleAsync(ScaleWorkers message, MessageContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return message.Count;
        }
    }

    /// <summary>One that does neither.</summary>
    private sealed class PlainListener : IListener<ReloadWorkers, ReloadResult>
    {
        private readonly ReloadResult _result = new(Group, [], null);

        public ValueTask<ReloadResult> HandleAsync(ReloadWorkers message, MessageContext context, CancellationToken cancellationToken) => new(_result);
    }

    private sealed class Table : ListenerTable
    {
        public override string AssemblyName => Group;

        public override IReadOnlyList<ListenerDescriptor> Listeners { get; } =
        [
            new ListenerDescriptor<AwaitingListener, ScaleWorkers, int>(
                ListenerDescriptor.MessageEventPrefix + ScaleWorkers.Action, ScaleWorkers.Serializer, BuiltInSerializers.Int32, static _ => new AwaitingListener())
            {
                RunsIn = ListenerPlaces.Workers,
            },
            new ListenerDescriptor<PlainListener, ReloadWorkers, ReloadResult>(
                ListenerDescriptor.MessageEventPrefix + ReloadWorkers.Action, ReloadWorkers.Serializer, ReloadResult.Serializer, static _ => new PlainListener())
            {
                RunsIn = ListenerPlaces.Workers,
                Lifetime = ListenerLifetime.Singleton,
            },
        ];

        public override IReadOnlyList<MessageSerializer> Serializers => [];

        public override IReadOnlyList<ListenerTable> References => [];
    }

    /// <summary>Meters of a name that nobody collects.</summary>
    private sealed class SilentMeters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(Group);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(static m => m.Dispose());
    }

    private sealed class Events(Peer worker) : ISupervisorEvents, IWorkerEvents
    {
        private readonly TaskCompletionSource _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Prepared => _prepared.Task;

        public WorkerTransport? Transport { get; set; }

        void ISupervisorEvents.OnWorkerPrepared(PeerId worker, bool isReady) => _prepared.TrySetResult();

        void IWorkerEvents.OnIdGiven(PeerId self) => worker.Rename(self);

        void IWorkerEvents.OnReleased() => worker.Attach(Transport!);

        void IWorkerEvents.OnStopRequested(TimeSpan deadline, bool readsOn)
        {
        }

        WorkerPulse IWorkerEvents.OnPing(uint number) => default;

        void IWorkerEvents.OnSupervisorGone()
        {
        }
    }
}

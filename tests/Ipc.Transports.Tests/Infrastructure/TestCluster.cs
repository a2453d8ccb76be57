namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>A supervisor and workers over one transport, all in the test's process.</summary>
public abstract class TestCluster : IAsyncDisposable
{
    /// <summary>What bounds the transport of every cluster here.</summary>
    public static TransportLimits Limits { get; } = new() { MaxMessageSize = 8 << 20, RingSize = 256 << 10, AnswerRingSize = 64 << 10 };

    /// <summary>The supervisor's receiver.</summary>
    public TestReceiver SupervisorReceiver { get; } = new();

    /// <summary>The supervisor's transport.</summary>
    public abstract Transport Supervisor { get; }

    /// <summary>Whether frames that a dead worker had not taken wait for its successor.</summary>
    public abstract bool KeepsInboxes { get; }

    /// <summary>What its lanes are made of.</summary>
    public abstract LaneBacking Backing { get; }

    /// <summary>Starts a worker, which is ready when this completes.</summary>
    public abstract Task<Transport> StartAsync(PeerId worker, ITransportReceiver receiver);

    /// <summary>Ends a worker as a crash would.</summary>
    public abstract Task KillAsync(PeerId worker, bool keepInbox);

    /// <summary>Adds a worker id that is not running.</summary>
    public abstract void AddSlot(string group, int workerId);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

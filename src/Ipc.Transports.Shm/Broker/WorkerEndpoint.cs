using System.Security.Cryptography;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>
/// The abstract socket where workers connect. Whoever is of another user than workers are started for, is silent, sends garbage or does not hold a ticket is turned away and costs one small
/// buffer until then; the accepting goes on. Control thread only.
/// </summary>
internal sealed class WorkerEndpoint : IPollable, IControlHandler
{
    /// <summary>Connections that may be in their handshake at a time; when another comes, the oldest one that is not from a process we started has to go.</summary>
    internal const int MaxPending = 64;

    private const int AcceptsPerTurn = 16;
    private const int AcceptPauseMilliseconds = 100;
    private const int LogPauseMilliseconds = 1000;

    private readonly ControlLoop _loop;
    private readonly TimeSpan _handshakeTimeout;
    private readonly ILogger _logger;
    private readonly Func<FileDescriptor, PeerCredentials?> _credentials;
    private readonly Action<LaunchTicket, ControlConnection, Greeting, int> _admit;
    private readonly Dictionary<PeerId, LaunchTicket> _tickets = [];
    private readonly List<Pending> _pending = [];
    private long _resumeAt = long.MaxValue;
    private long _logAgainAt;

    /// <summary>Listens on a new random name.</summary>
    /// <param name="loop">The control thread.</param>
    /// <param name="clusterName">The cluster's name.</param>
    /// <param name="handshakeTimeout">How long a connection may take until it is admitted.</param>
    /// <param name="logger">For refusals.</param>
    /// <param name="credentials">Who is at the other end; tests replace it.</param>
    /// <param name="admit">Takes over a connection that proved who it is, and becomes its handler.</param>
    public WorkerEndpoint(
        ControlLoop loop,
        string clusterName,
        TimeSpan handshakeTimeout,
        ILogger logger,
        Func<FileDescriptor, PeerCredentials?> credentials,
        Action<LaunchTicket, ControlConnection, Greeting, int> admit)
    {
        _loop = loop;
        _handshakeTimeout = handshakeTimeout;
        _logger = logger;
        _credentials = credentials;
        _admit = admit;
        Name = $"ipc-{clusterName}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        Descriptor = UnixSocket.ListenAbstract(Name, backlog: 128);
    }

    private sealed record Pending(ControlConnection Connection, int ProcessId, uint UserId)
    {
        public Greeting? Greeting { get; set; }
    }

    /// <summary>The socket's name: the cluster's, for people, and 128 random bits.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public FileDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public short Events => _resumeAt == long.MaxValue ? Libc.PollIn : (short)0;

    /// <inheritdoc/>
    public long DueAt => _resumeAt;

    /// <summary>Announces an incarnation, or one that is to wait for its worker id, a process of this user or of the given one; an older ticket for it is void.</summary>
    public LaunchTicket Expect(PeerId worker, uint? userId, bool isHeld = false)
    {
        var ticket = new LaunchTicket(worker, userId ?? Libc.EffectiveUserId(), isHeld);
        _tickets[worker] = ticket;
        return ticket;
    }

    /// <summary>The incarnation does not come any more.</summary>
    public void Forget(PeerId worker) => _tickets.Remove(worker);

    /// <summary>Says which process was started; connections that have waited for that are looked at again.</summary>
    public void SetProcessId(PeerId worker, int processId)
    {
        if (!_tickets.TryGetValue(worker, out LaunchTicket? ticket))
        {
            return;
        }

        ticket.ProcessId = processId;
        foreach (Pending pending in _pending.Where(p => p.Greeting?.Self == worker).ToArray())
        {
            if (Decide(pending) is { } refusal)
            {
                pending.Connection.Close(refusal);
            }
        }
    }

    /// <inheritdoc/>
    public void OnReady(short events)
    {
        for (int i = 0; i < AcceptsPerTurn; i++)
        {
            IoStatus status = UnixSocket.TryAccept(Descriptor, out FileDescriptor? accepted);
            if (status == IoStatus.WouldBlock)
            {
                return;
            }

            if (status != IoStatus.Done)
            {
                // Most likely out of descriptors. The waiting connection stays in the queue; asking again at once would spin.
                _resumeAt = Environment.TickCount64 + AcceptPauseMilliseconds;
                ControlLog.AcceptFailed(_logger);
                return;
            }

            Greet(accepted!);
        }
    }

    /// <inheritdoc/>
    public void OnDue() => _resumeAt = long.MaxValue;

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
        // Logged by the loop. The endpoint goes on: one connection's trouble is not the next one's.
    }

    /// <inheritdoc/>
    public string? OnMessage(ControlConnection connection, ControlMessageType type, ReadOnlySpan<byte> payload, FileDescriptor[] descriptors)
    {
        Pending? pending = _pending.Find(p => p.Connection == connection);
        if (pending is null)
        {
            return "it is not expected";
        }

        if (type != ControlMessageType.Hello)
        {
            return "it did not begin with a greeting";
        }

        if (!Greeting.TryRead(payload, out Greeting? greeting, out string error))
        {
            Refuse(connection, error);
            return error;
        }

        pending.Greeting = greeting;
        return Decide(pending);
    }

    /// <inheritdoc/>
    public void OnClosed(ControlConnection connection, string reason)
    {
        int index = _pending.FindIndex(p => p.Connection == connection);
        if (index < 0)
        {
            return;
        }

        int processId = _pending[index].ProcessId;
        _pending.RemoveAt(index);
        LogRefusal(processId, reason);
    }

    /// <summary>Closes the socket and every connection in its handshake.</summary>
    public void Close()
    {
        _loop.Remove(this);
        Descriptor.Dispose();
        foreach (Pending pending in _pending.ToArray())
        {
            pending.Connection.Close("the supervisor stops");
        }
    }

    private void Greet(FileDescriptor accepted)
    {
        PeerCredentials? peer = _credentials(accepted);
        if (peer is null || (peer.Value.UserId != Libc.EffectiveUserId() && !_tickets.Values.Any(t => t.UserId == peer.Value.UserId)))
        {
            accepted.Dispose();
            LogRefusal(peer?.ProcessId ?? 0, peer is null ? "the kernel does not say who it is" : $"it belongs to user {peer.Value.UserId}");
            return;
        }

        if (_pending.Count >= MaxPending)
        {
            (_pending.Find(p => !IsExpectedProcess(p.ProcessId)) ?? _pending[0]).Connection.Close("too many connections are in their handshake");
        }

        var connection = new ControlConnection(_loop, accepted, this, acceptsDescriptors: false)
        {
            DueAt = Environment.TickCount64 + (long)_handshakeTimeout.TotalMilliseconds,
            DueReason = "its handshake took longer than the handshake timeout",
        };
        _pending.Add(new Pending(connection, peer.Value.ProcessId, peer.Value.UserId));
    }

    private bool IsExpectedProcess(int processId) => _tickets.Values.Any(t => t.ProcessId == processId);

    /// <summary>Admits a greeted connection, lets it wait for the process id, or says why it is refused.</summary>
    private string? Decide(Pending pending)
    {
        Greeting greeting = pending.Greeting!;
        if (!_tickets.TryGetValue(greeting.Self, out LaunchTicket? ticket) || !ticket.Matches(greeting.Secret))
        {
            Refuse(pending.Connection, "not admitted");
            return $"it is not expected as {greeting.Self}, or its secret is wrong or used";
        }

        if (ticket.UserId != pending.UserId)
        {
            Refuse(pending.Connection, "not admitted");
            return $"{greeting.Self} is started for user {ticket.UserId}, and it belongs to user {pending.UserId}";
        }

        if (ticket.ProcessId is null)
        {
            pending.Connection.IsPaused = true;
            return null;
        }

        if (ticket.ProcessId != pending.ProcessId)
        {
            Refuse(pending.Connection, "not admitted");
            return $"{greeting.Self} was started as process {ticket.ProcessId}";
        }

        _tickets.Remove(greeting.Self);
        _pending.Remove(pending);
        ControlConnection connection = pending.Connection;
        connection.DueAt = long.MaxValue;
        connection.MaxPayload = ControlProtocol.MaxPayloadSize;
        try
        {
            _admit(ticket, connection, greeting, pending.ProcessId);
        }
#pragma warning disable CA1031 // A worker that is half admitted, for example for want of descriptors, would wait for ever; its next incarnation tries again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ControlLog.ConnectionFailed(_logger, error);
            connection.Close($"its admission failed: {error.Message}");
            return null;
        }

        if (connection.IsPaused)
        {
            connection.Unpause();
        }

        return null;
    }

    private static void Refuse(ControlConnection connection, string reason) =>
        connection.Send(new ControlWriter(ControlMessageType.Refused).Text(reason).ToMessage());

    /// <summary>At most one line a second: a flood of connections must not become a flood of log lines.</summary>
    private void LogRefusal(int processId, string reason)
    {
        long now = Environment.TickCount64;
        if (now >= _logAgainAt)
        {
            _logAgainAt = now + LogPauseMilliseconds;
            ControlLog.ConnectionRefused(_logger, processId, reason);
        }
    }
}

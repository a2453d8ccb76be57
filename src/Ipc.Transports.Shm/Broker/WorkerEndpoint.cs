using System.Security.Cryptography;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>The abstract socket where workers connect: processes of a user that workers are started for, each with a ticket of its own. Control thread only.</summary>
internal sealed class WorkerEndpoint : ControlEndpoint
{
    private readonly Action<LaunchTicket, ControlConnection, Greeting, int> _admit;
    private readonly Dictionary<PeerId, LaunchTicket> _tickets = [];

    private WorkerEndpoint(
        string name,
        ControlLoop loop,
        TimeSpan handshakeTimeout,
        ILogger logger,
        Func<FileDescriptor, PeerCredentials?> credentials,
        Action<LaunchTicket, ControlConnection, Greeting, int> admit)
        : base(loop, UnixSocket.ListenAbstract(name, backlog: 128), handshakeTimeout, logger, credentials)
    {
        _admit = admit;
        Name = name;
    }

    /// <summary>The socket's name: the cluster's, for people, and 128 random bits.</summary>
    public string Name { get; }

    /// <summary>Listens on a new random name.</summary>
    /// <param name="loop">The control thread.</param>
    /// <param name="clusterName">The cluster's name.</param>
    /// <param name="handshakeTimeout">How long a connection may take until it is admitted.</param>
    /// <param name="logger">For refusals.</param>
    /// <param name="credentials">Who is at the other end; tests replace it.</param>
    /// <param name="admit">Takes over a connection that proved who it is, and becomes its handler.</param>
    public static WorkerEndpoint Open(
        ControlLoop loop,
        string clusterName,
        TimeSpan handshakeTimeout,
        ILogger logger,
        Func<FileDescriptor, PeerCredentials?> credentials,
        Action<LaunchTicket, ControlConnection, Greeting, int> admit) =>
        new($"ipc-{clusterName}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}", loop, handshakeTimeout, logger, credentials, admit);

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
        foreach (Pending pending in InHandshake.Where(p => p.Greeting?.Self == worker).ToArray())
        {
            if (Decide(pending) is { } refusal)
            {
                pending.Connection.Close(refusal);
            }
        }
    }

    /// <inheritdoc/>
    protected override string? WhyUnwelcome(FileDescriptor socket, PeerCredentials peer) =>
        peer.UserId == Libc.EffectiveUserId() || _tickets.Values.Any(t => t.UserId == peer.UserId) ? null : $"it belongs to user {peer.UserId}";

    /// <inheritdoc/>
    protected override bool IsExpected(int processId) => _tickets.Values.Any(t => t.ProcessId == processId);

    /// <inheritdoc/>
    protected override string? Decide(Pending pending)
    {
        Greeting greeting = pending.Greeting!;
        if (!_tickets.TryGetValue(greeting.Self, out LaunchTicket? ticket) || !ticket.Matches(greeting.Secret))
        {
            Refuse(pending.Connection, "not admitted");
            return $"it is not expected as {greeting.Self}, or its secret is wrong or used";
        }

        if (ticket.UserId != pending.Peer.UserId)
        {
            Refuse(pending.Connection, "not admitted");
            return $"{greeting.Self} is started for user {ticket.UserId}, and it belongs to user {pending.Peer.UserId}";
        }

        if (ticket.ProcessId is null)
        {
            pending.Connection.IsPaused = true;
            return null;
        }

        if (ticket.ProcessId != pending.Peer.ProcessId)
        {
            Refuse(pending.Connection, "not admitted");
            return $"{greeting.Self} was started as process {ticket.ProcessId}";
        }

        _tickets.Remove(greeting.Self);
        Admit(pending, connection => _admit(ticket, connection, greeting, pending.Peer.ProcessId));
        return null;
    }
}

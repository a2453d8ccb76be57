using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>
/// A socket where peers connect. Who is not welcome, is silent or sends garbage is turned away and costs one small buffer until then; the accepting goes on. Control thread only.
/// </summary>
internal abstract class ControlEndpoint : IPollable, IControlHandler
{
    /// <summary>Connections that may be in their handshake at a time; when another comes, the oldest one has to go, of those that nobody waits for if there is one.</summary>
    internal const int MaxPending = 64;

    private const int AcceptsPerTurn = 16;
    private const int AcceptPauseMilliseconds = 100;
    private const int LogPauseMilliseconds = 1000;

    private readonly ControlLoop _loop;
    private readonly TimeSpan _handshakeTimeout;
    private readonly Func<FileDescriptor, PeerCredentials?> _credentials;
    private readonly List<Pending> _pending = [];
    private long _resumeAt = long.MaxValue;
    private long _logAgainAt;

    /// <summary>Takes over a listening socket.</summary>
    /// <param name="loop">The control thread.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="handshakeTimeout">How long a connection may take until it is admitted.</param>
    /// <param name="logger">For refusals.</param>
    /// <param name="credentials">Who is at the other end; tests replace it.</param>
    protected ControlEndpoint(
        ControlLoop loop, FileDescriptor socket, TimeSpan handshakeTimeout, ILogger logger, Func<FileDescriptor, PeerCredentials?> credentials)
    {
        _loop = loop;
        _handshakeTimeout = handshakeTimeout;
        _credentials = credentials;
        Logger = logger;
        Descriptor = socket;
    }

    /// <summary>A connection in its handshake.</summary>
    protected sealed record Pending(ControlConnection Connection, PeerCredentials Peer)
    {
        public Greeting? Greeting { get; set; }
    }

    /// <inheritdoc/>
    public FileDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public short Events => _resumeAt == long.MaxValue ? Libc.PollIn : (short)0;

    /// <inheritdoc/>
    public long DueAt => _resumeAt;

    /// <summary>For refusals.</summary>
    protected ILogger Logger { get; }

    /// <summary>The connections in their handshake.</summary>
    protected IReadOnlyList<Pending> InHandshake => _pending;

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
                ControlLog.AcceptFailed(Logger);
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

        int processId = _pending[index].Peer.ProcessId;
        _pending.RemoveAt(index);
        LogRefusal(processId, reason);
    }

    /// <summary>Closes the socket and every connection in its handshake.</summary>
    public virtual void Close()
    {
        _loop.Remove(this);
        Descriptor.Dispose();
        foreach (Pending pending in _pending.ToArray())
        {
            pending.Connection.Close("the supervisor stops");
        }
    }

    /// <summary>Whether somebody may speak in text here.</summary>
    protected virtual bool AcceptsText => false;

    /// <summary>A connection goes another way.</summary>
    protected void Forget(ControlConnection connection) => _pending.RemoveAll(p => p.Connection == connection);

    /// <summary>Why somebody is turned away before a word is said; <see langword="null"/> when nothing speaks against.</summary>
    protected abstract string? WhyUnwelcome(FileDescriptor socket, PeerCredentials peer);

    /// <summary>Whether a process is waited for.</summary>
    protected virtual bool IsExpected(int processId) => false;

    /// <summary>Admits a greeted connection, lets it wait, or says why it is refused.</summary>
    protected abstract string? Decide(Pending pending);

    /// <summary>The handshake is over: whoever <paramref name="admit"/> makes its handler goes on with the connection.</summary>
    protected void Admit(Pending pending, Action<ControlConnection> admit)
    {
        _pending.Remove(pending);
        ControlConnection connection = pending.Connection;
        connection.DueAt = long.MaxValue;
        connection.MaxPayload = ControlProtocol.MaxPayloadSize;
        try
        {
            admit(connection);
        }
#pragma warning disable CA1031 // A peer that is half admitted, for example for want of descriptors, would wait for ever; it, or its next incarnation, tries again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ControlLog.ConnectionFailed(Logger, error);
            connection.Close($"its admission failed: {error.Message}");
            return;
        }

        if (connection.IsPaused)
        {
            connection.Unpause();
        }
    }

    /// <summary>Tells the other end why it is refused.</summary>
    protected static void Refuse(ControlConnection connection, string reason) =>
        connection.Send(new ControlWriter(ControlMessageType.Refused).Text(reason).ToMessage());

    private void Greet(FileDescriptor accepted)
    {
        PeerCredentials? peer = _credentials(accepted);
        string? unwelcome = peer is null ? "the kernel does not say who it is" : WhyUnwelcome(accepted, peer.Value);
        if (unwelcome is not null)
        {
            accepted.Dispose();
            LogRefusal(peer?.ProcessId ?? 0, unwelcome);
            return;
        }

        if (_pending.Count >= MaxPending)
        {
            (_pending.Find(p => !IsExpected(p.Peer.ProcessId)) ?? _pending[0]).Connection.Close("too many connections are in their handshake");
        }

        var connection = new ControlConnection(_loop, accepted, this, acceptsDescriptors: false)
        {
            DueAt = Environment.TickCount64 + (long)_handshakeTimeout.TotalMilliseconds,
            DueReason = "its handshake took longer than the handshake timeout",
            AcceptsText = AcceptsText,
        };
        _pending.Add(new Pending(connection, peer!.Value));
    }

    /// <summary>At most one line a second: a flood of connections must not become a flood of log lines.</summary>
    private void LogRefusal(int processId, string reason)
    {
        long now = Environment.TickCount64;
        if (now >= _logAgainAt)
        {
            _logAgainAt = now + LogPauseMilliseconds;
            ControlLog.ConnectionRefused(Logger, processId, reason);
        }
    }
}

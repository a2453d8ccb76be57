using Ipc.Transports.Interop;

namespace Ipc.Transports.Control;

/// <summary>What happens on a control connection. Called on the control thread.</summary>
internal interface IControlHandler
{
    /// <summary>A whole message has arrived.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="type">What it says it is; may be a number that is none.</param>
    /// <param name="payload">May be anything.</param>
    /// <param name="descriptors">The descriptors that belong to it; the handler owns them.</param>
    /// <returns><see langword="null"/>, or what was wrong: the connection is closed then.</returns>
    string? OnMessage(ControlConnection connection, ControlMessageType type, ReadOnlySpan<byte> payload, FileDescriptor[] descriptors);

    /// <summary>What came first is text, and no message: where <see cref="ControlConnection.AcceptsText"/> is set. Whoever speaks that takes the socket over.</summary>
    void OnText(ControlConnection connection) => connection.Close("it does not speak this protocol");

    /// <summary>The connection has ended; called once.</summary>
    void OnClosed(ControlConnection connection, string reason);
}

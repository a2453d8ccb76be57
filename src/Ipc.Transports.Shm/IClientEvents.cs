namespace Ipc.Transports;

/// <summary>What a client's end of the transport reports. Called on the control thread: implementations return at once and block nothing.</summary>
public interface IClientEvents
{
    /// <summary>The connection has ended without a stop from this side.</summary>
    /// <param name="reason">Why, in words.</param>
    void OnDisconnected(string reason);
}

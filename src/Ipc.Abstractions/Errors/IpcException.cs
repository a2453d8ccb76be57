namespace Ipc;

/// <summary>A message did not arrive, or a request has no answer.</summary>
public class IpcException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">What happened, to which peer or option, and what to do.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public IpcException(IpcError reason, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
    }

    /// <summary>Why, for code that decides by it.</summary>
    public IpcError Reason { get; }
}

namespace Ipc.Transports.Memory;

/// <summary>There is no shared memory for a lane; its frames go over the pipe instead, and the message is logged as the reason.</summary>
internal sealed class SharedMemoryException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">What was tried and what the kernel said.</param>
    public SharedMemoryException(SharedMemoryFailure failure, string message)
        : base(message)
    {
        Failure = failure;
    }

    /// <summary>Why, for code that decides by it.</summary>
    public SharedMemoryFailure Failure { get; }
}

namespace Ipc.Serialization;

/// <summary>Bytes are not what they should be: truncated, too deep, too long, or of another type. The only exception that reading a message throws for bad bytes.</summary>
public sealed class MessageFormatException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, and where.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public MessageFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

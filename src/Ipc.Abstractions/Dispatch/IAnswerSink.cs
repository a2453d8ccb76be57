using Ipc.Serialization;

namespace Ipc.Dispatch;

/// <summary>Takes the answer of a listener back to its asker.</summary>
public interface IAnswerSink
{
    /// <summary>Sends the answer.</summary>
    /// <typeparam name="TResponse">The answer's type.</typeparam>
    /// <param name="serializer">Writes it.</param>
    /// <param name="response">The answer.</param>
    ValueTask AnswerAsync<TResponse>(MessageSerializer<TResponse> serializer, TResponse response);
}

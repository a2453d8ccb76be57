using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Micro.Benchmarks;

/// <summary>Takes answers and does nothing with them.</summary>
internal sealed class DiscardedAnswers : IAnswerSink
{
    public ValueTask AnswerAsync<TResponse>(MessageSerializer<TResponse> serializer, TResponse response) => default;
}

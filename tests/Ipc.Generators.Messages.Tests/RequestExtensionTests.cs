using Ipc.Generators.Messages.Tests.Shapes;

namespace Ipc.Generators.Messages.Tests;

/// <summary>Which method a request finds: a struct its own emitted one, everything else the general one.</summary>
public class RequestExtensionTests
{
    [Fact]
    public async Task A_struct_that_asks_is_not_boxed()
    {
        var sender = new RecordingSender();
        await Assert.ThrowsAsync<NotSupportedException>(() => sender.RequestAsync(new Ask(1)).AsTask());
        Assert.Equal("Ask -> Small", sender.Called);
    }

    [Fact]
    public async Task A_class_that_asks_is_known_as_an_object()
    {
        var sender = new RecordingSender();
        await Assert.ThrowsAsync<NotSupportedException>(() => sender.RequestAsync(new AskByClass(1), Target.Any("task")).AsTask());
        Assert.Equal("object -> String", sender.Called);
    }

    private sealed class RecordingSender : IMessageSender
    {
        public string? Called { get; private set; }

        public ValueTask<TResponse> RequestObjectAsync<TResponse>(IRequestMessage<TResponse> request, Target target, RequestOptions? options, CancellationToken cancellationToken) =>
            Record<TResponse>("object");

        public ValueTask<TResponse> RequestAsync<TRequest, TResponse>(TRequest request, Target target, RequestOptions? options, CancellationToken cancellationToken)
            where TRequest : IMessage<TRequest> => Record<TResponse>(typeof(TRequest).Name);

        public ValueTask<TResponse> RequestAsync<TBody, TResponse>(string action, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken) =>
            Record<TResponse>(action);

        public ValueTask SendAsync<TMessage>(TMessage message, Target target, SendOptions? options, CancellationToken cancellationToken)
            where TMessage : IMessage<TMessage> => throw new NotSupportedException();

        public ValueTask SendAsync<TBody>(string action, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<PeerAnswer<TResponse>> RequestAllAsync<TResponse>(IRequestMessage<TResponse> request, Target target, RequestOptions? options, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask SendStreamAsync<TMessage>(
            TMessage message, IAsyncEnumerable<ReadOnlyMemory<byte>> content, Target target, RequestOptions? options, CancellationToken cancellationToken)
            where TMessage : IMessage<TMessage> => throw new NotSupportedException();

        public ValueTask<TResponse> RequestWithStreamAsync<TResponse>(
            IRequestMessage<TResponse> request, IAsyncEnumerable<ReadOnlyMemory<byte>> content, Target target, RequestOptions? options, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<Stream> OpenStreamAsync<TMessage>(TMessage message, Target target, RequestOptions? options, CancellationToken cancellationToken)
            where TMessage : IMessage<TMessage> => throw new NotSupportedException();

        private ValueTask<TResponse> Record<TResponse>(string request)
        {
            Called = $"{request} -> {typeof(TResponse).Name}";
            return ValueTask.FromException<TResponse>(new NotSupportedException());
        }
    }
}

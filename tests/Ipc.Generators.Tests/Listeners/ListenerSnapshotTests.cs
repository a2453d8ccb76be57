using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.Listeners;

public sealed class ListenerSnapshotTests
{
    [Fact]
    public void Listeners_of_every_kind()
    {
        GeneratorRun run = GeneratorRun.Of("""
            using Microsoft.Extensions.DependencyInjection;

            namespace Shop;

            public interface IClock;

            [Message("order.placed")]
            public sealed partial record OrderPlaced(Guid Id, decimal Total);

            [Message("quote")]
            public sealed partial record QuoteRequest(Guid Id) : IRequestMessage<string>;

            [Listener(Priority = 7, Concurrent = true)]
            internal sealed class OrderListener(IClock clock, [FromKeyedServices("eu")] IClock keyed, IServiceProvider services, IClock? optional = null, int retries = 3)
                : IListener<OrderPlaced>
            {
                public ValueTask HandleAsync(OrderPlaced message, MessageContext context, CancellationToken cancellationToken) => default;
            }

            public static class Outer
            {
                [Listener("PIPE_MESSAGE.quote", Lifetime = ListenerLifetime.Singleton, RunsIn = ListenerPlaces.Workers | ListenerPlaces.Clients)]
                internal sealed class Quotes : IListener<QuoteRequest, string>
                {
                    public ValueTask<string> HandleAsync(QuoteRequest message, MessageContext context, CancellationToken cancellationToken) => new("1");
                }
            }

            [Subscribe("orders.*", RunsIn = ListenerPlaces.Workers, Priority = 1)]
            [Subscribe("orders.eu.>", Redelivery = true, Concurrent = true)]
            [Subscribe("orders.>", Queue = "billing")]
            [Subscribe("jobs.*", Queue = "rare", MaxDeliveries = 2)]
            [Listener]
            public sealed class Watcher : IListener<OrderPlaced>
            {
                public ValueTask HandleAsync(OrderPlaced message, MessageContext context, CancellationToken cancellationToken) => default;
            }

            [Listener("PIPE_MESSAGE.text", Redelivery = true)]
            [Listener("PIPE_MESSAGE.rare", Redelivery = true, MaxDeliveries = 2)]
            [Listener("PIPE_MESSAGE.more \"text\"")]
            public sealed class Texts : IListener<string>
            {
                public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;
            }
            """);
        Snapshot.Match(run.Source("Ipc.Listeners.g.cs"), "Ipc.Listeners.g");
    }
}

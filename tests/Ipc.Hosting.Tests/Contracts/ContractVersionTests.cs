using Ipc.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Contracts;

/// <summary>Two versions of a contract in one cluster.</summary>
public sealed class ContractVersionTests
{
    [Fact]
    public async Task A_method_that_differs_is_named_in_one_line_with_both_peers_when_they_meet()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            o => o.Workers.Count = 2, more: b => b.OnWorkers(s => s.AddIpcService<Later.IPrices, Later.Prices>()).OnSupervisor(s => s.AddIpcProxy<IPrices>()));

        // Nobody has called yet. News of peers come on a thread of their own, perhaps after the start.
        await Processes.ClusterProcess.UntilAsync(() => cluster.Log.Lines.Any(l => l.Contains("The contract", StringComparison.Ordinal)), "the contracts are compared");
        await cluster.StopAsync();
        string line = Assert.Single(cluster.Log.Lines, l => l.Contains("The contract", StringComparison.Ordinal));
        Assert.Matches(
            "^Warning Ipc.Messaging.Peer The contract \"IPrices\" of supervisor differs from that of worker/[01]#1: FindAsync.request has count here where currency is there. Calls of these methods ",
            line);
    }

    [Fact]
    public async Task The_same_version_and_one_with_more_methods_and_members_say_nothing()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            o => o.Workers.Count = 2,
            more: b => b.OnWorkers(s => s.AddIpcService<ICalculator, Calculator>().AddIpcService<IFeed, Feed>()).OnSupervisor(s => s.AddIpcProxy<ICalculator>().AddIpcProxy<IFeed>()));

        await cluster.Services.GetRequiredService<ICalculator>().NameAsync();
        await cluster.StopAsync();

        Assert.DoesNotContain(cluster.Log.Lines, l => l.Contains("The contract", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    public async Task Added_methods_parameters_and_members_are_compatible_and_a_missing_method_is_named(ClusterKind kind)
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(kind, b => b
            .OnWorkers(s => s.AddIpcService<Later.IPrices, Later.Prices>())
            .OnSupervisor(s => s.AddIpcProxy<IPrices>(Target.Worker(1))));
        IPrices prices = cluster.Services.GetRequiredService<IPrices>();

        Assert.Equal(new Offer("nail", 7), await prices.OfferAsync("nail"));
        await foreach (Offer offer in prices.WatchAsync(3))
        {
            Assert.Equal(new Offer("watched", 3), offer);
        }

        Assert.Equal(2, (await prices.GrowAsync(new Tree(1, []))).Value);
        IpcException error = await Assert.ThrowsAsync<IpcException>(prices.OldAsync);
        Assert.Equal((IpcError.NoListener, "worker/1#1 runs another version of the contract \"IPrices\", without \"IPrices.OldAsync\"."), (error.Reason, error.Message));
    }

    [Fact]
    public async Task Signatures_are_made_of_the_name_tables()
    {
        await using InProcessCluster cluster = InProcessCluster.Build();
        ContractTable contracts = cluster.Services.GetRequiredService<Ipc.Messaging.Peer>().Registry.Contracts;

        Assert.Equal(
            [
                "IPrices.FindAsync call(request:message(item:text,count:int),result:decimal)",
                "IPrices.OfferAsync call(request:message(item:text),result:message(Item:text,Price:decimal))",
                "IPrices.WatchAsync stream(request:message(from:int),items:message(Item:text,Price:decimal))",
                "IPrices.OldAsync call(request:message,result:nothing)",
                "IPrices.GrowAsync call(request:message(tree:message(Value:int,Branches:list(0:up2))),result:message(Value:int,Branches:list(0:up2)))",
            ],
            contracts.Get(typeof(IPrices)).CreateSignatures().Select(pair => $"{pair.Key} {pair.Value}"));
        Assert.Equal(
            "upload(request:message(how:text),items:int,result:int)", contracts.Get(typeof(IFeed)).CreateSignatures().Single(pair => pair.Key == "IFeed.SumAsync").Value);
        Assert.All(contracts.Get(typeof(ICalculator)).CreateSignatures(), pair => Assert.NotNull(SignatureNode.Parse(pair.Value)));
    }
}

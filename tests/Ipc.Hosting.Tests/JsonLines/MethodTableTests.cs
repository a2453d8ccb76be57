using Ipc.JsonLines;
using Ipc.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

/// <summary>What a method's name means, in the tables of this assembly.</summary>
public sealed class MethodTableTests
{
    [Theory]
    [InlineData("test.double", "test.double")]
    [InlineData("ICalculator.AddAsync", "ICalculator.AddAsync")]
    [InlineData("ICalculator.AddAsync(int,int)", "ICalculator.AddAsync(int,int)")]
    [InlineData("add", "ICalculator.AddAsync")]
    [InlineData("relay", "relay.RelayAsync")]
    [InlineData("divide", "ICalculator.DivideAsync")]
    [InlineData("Add", "Add")]
    [InlineData("of.another.program", "of.another.program")]
    public async Task A_name_is_an_action_or_the_short_name_of_one_method(string name, string action)
    {
        MethodTable methods = await CreateAsync();
        Assert.Equal(action, methods.GetMethod(name).Action);
    }

    [Fact]
    public async Task Parameters_and_result_are_those_of_the_method_and_of_the_listener_that_answers()
    {
        MethodTable methods = await CreateAsync();
        Assert.Equal("values", Assert.Single(methods.GetMethod("add").Request.Members).Name);
        Assert.Equal(MessageShapeKind.Integer, methods.GetMethod("add").Response!.Kind);
        Assert.Equal(["Number", "WorkerId"], methods.GetMethod("test.double").Response!.Members.Select(member => member.Name));
        Assert.Equal("Text", Assert.Single(methods.GetAction("test.unheard").Request.Members).Name);
        Assert.Equal(MessageShapeKind.Any, methods.GetAction("of.another.program").Request.Kind);
    }

    [Fact]
    public async Task A_short_name_of_several_methods_is_refused_and_they_are_named()
    {
        MethodTable methods = await CreateAsync();
        Assert.Contains("ICalculator.SumAsync, IFeed.SumAsync", Refusal(methods, "sum"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IFeed.WatchAsync")]
    [InlineData("IFeed.TakeAsync")]
    public async Task A_method_with_a_stream_is_refused(string name)
    {
        MethodTable methods = await CreateAsync();
        Assert.Contains("stream", Refusal(methods, name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("addd", "add")]
    [InlineData("Add", "add")]
    [InlineData("test.duoble", "test.double")]
    [InlineData("test.fial", null)]
    [InlineData("quite another", null)]
    public async Task Of_names_that_nobody_knows_the_closest_one_is_told_if_it_is_for_clients(string name, string? meant)
    {
        MethodTable methods = await CreateAsync();
        Assert.Equal(meant, methods.Suggest(name, action => action != "test.fail"));
    }

    private static string Refusal(MethodTable methods, string name)
    {
        var refusal = Assert.Throws<IpcException>(() => methods.GetMethod(name));
        Assert.Equal(IpcError.BadMessage, refusal.Reason);
        return refusal.Message;
    }

    private static async Task<MethodTable> CreateAsync()
    {
        await using InProcessCluster cluster = InProcessCluster.Build();
        return new MethodTable(cluster.Services.GetRequiredService<IpcRegistration>().Wirings);
    }
}

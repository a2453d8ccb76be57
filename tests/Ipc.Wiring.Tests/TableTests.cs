using Ipc.Dispatch;
using Ipc.Wiring.Library;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Wiring.Tests;

/// <summary>The emitted tables, as the running program sees them.</summary>
public sealed class TableTests
{
    [Fact]
    public void The_table_has_this_assembly_s_listeners()
    {
        ListenerTable table = GeneratedIpcListeners.Instance;
        Assert.Equal("Ipc.Wiring.Tests", table.AssemblyName);
        ListenerDescriptor own = Assert.Single(table.Listeners, l => l.ListenerType == typeof(OwnListener));
        Assert.Equal("PIPE_MESSAGE.own", own.EventName);
        Assert.Equal("own", own.Action);
        Assert.Equal(5, own.Priority);
        Assert.True(own.Answers);
    }

    [Fact]
    public void The_table_names_the_tables_of_referenced_assemblies_with_internal_and_nested_listeners()
    {
        ListenerTable library = Assert.Single(GeneratedIpcListeners.Instance.References);
        Assert.Equal("Ipc.Wiring.Library", library.AssemblyName);
        Assert.Equal(
            ["PIPE_MESSAGE.library.internal", "PIPE_MESSAGE.library.nested", "PIPE_MESSAGE.library.nested.again"],
            library.Listeners.Select(l => l.EventName));
    }

    [Fact]
    public async Task A_listener_is_constructed_with_its_services_by_emitted_code()
    {
        ListenerDescriptor nested = GeneratedIpcListeners.Instance.References[0].Listeners[1];
        using ServiceProvider services = new ServiceCollection().AddSingleton(new Greeting("hello")).BuildServiceProvider();
        var listener = (IListener<string, string>)nested.CreateListener(services);
        Assert.Equal("hello: world", await listener.HandleAsync("world", default, default));
    }

    [Fact]
    public void A_missing_service_is_named()
    {
        ListenerDescriptor nested = GeneratedIpcListeners.Instance.References[0].Listeners[1];
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        var error = Assert.Throws<InvalidOperationException>(() => nested.CreateListener(services));
        Assert.Contains(nameof(Greeting), error.Message, StringComparison.Ordinal);
    }
}

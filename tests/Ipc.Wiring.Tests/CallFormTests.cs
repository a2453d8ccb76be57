using Ipc.Wiring.Tests.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ipc.Wiring.Tests;

/// <summary>Every ordinary way to write the call is intercepted; each is compiled by the real compiler and run.</summary>
public sealed class CallFormTests
{
    [Fact]
    public void An_instance_call_on_services()
    {
        var services = new ServiceCollection();
        services.AddIpcWorkers();
        Wired.ByThisAssembly(services);
    }

    [Fact]
    public void A_client_and_an_endpoint_on_services_and_on_a_host_builder()
    {
        Wired.ByThisAssembly(new ServiceCollection().AddIpcClient());
        Wired.ByThisAssembly(new ServiceCollection().AddIpcEndpoint(o => o.Endpoint = "x"));
        Wired.ByThisAssembly(Host.CreateApplicationBuilder().AddIpcClient(static o => o.Endpoint = "x").Services);
        Wired.ByThisAssembly(Host.CreateApplicationBuilder().AddIpcEndpoint().Services);
        Wired.ByThisAssembly(new ServiceCollection().AddIpcClient(GeneratedIpcListeners.Instance));
        Wired.ByThisAssembly(new ServiceCollection().AddIpcEndpoint(GeneratedIpcListeners.Instance));
    }

    [Fact]
    public void An_instance_call_on_a_host_builder()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.AddIpcWorkers();
        Wired.ByThisAssembly(builder.Services);
    }

    [Fact]
    public void An_instance_call_on_the_host_builder_s_interface()
    {
        Wired.ByThisAssembly(Call(Host.CreateApplicationBuilder()).Services);

        static IHostApplicationBuilder Call(IHostApplicationBuilder builder)
        {
            builder.AddIpcWorkers();
            return builder;
        }
    }

    [Fact]
    public void A_call_with_options()
    {
        var services = new ServiceCollection();
        services.AddIpcWorkers(o => o.Workers.Count = 3);
        Wired.ByThisAssembly(services);
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(3, provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<IpcOptions>>().Value.Workers.Count);
    }

    [Fact]
    public void A_call_with_a_named_argument()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.AddIpcWorkers(configure: static o => o.Workers.Count = 2);
        Wired.ByThisAssembly(builder.Services);
    }

    [Fact]
    public void A_static_call()
    {
        var services = new ServiceCollection();
        IpcServiceCollectionExtensions.AddIpcWorkers(services);
        Wired.ByThisAssembly(services);

        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        IpcHostApplicationBuilderExtensions.AddIpcWorkers(configure: null, builder: builder);
        Wired.ByThisAssembly(builder.Services);
    }

    [Fact]
    public void A_call_by_using_static()
    {
        var services = new ServiceCollection();
        UsingStatic.Call(services);
        Wired.ByThisAssembly(services);
    }

    [Fact]
    public void A_fluent_chain()
    {
        var services = new ServiceCollection();
        services.AddSingleton("one").AddIpcWorkers().OnSupervisor(s => s.AddSingleton("two"));
        Wired.ByThisAssembly(services);
    }

    [Fact]
    public void A_conditional_access()
    {
        IServiceCollection? services = new ServiceCollection();
        services?.AddIpcWorkers();
        Wired.ByThisAssembly(services!);

        HostApplicationBuilder? builder = Host.CreateApplicationBuilder();
        IpcWorkersBuilder? workers = builder?.AddIpcWorkers(o => o.Workers.Count = 1);
        Assert.NotNull(workers);
        Wired.ByThisAssembly(builder!.Services);
    }

    [Fact]
    public void A_call_in_a_lambda()
    {
        IServiceCollection? seen = null;
        using IHost host = Host.CreateDefaultBuilder()
            .ConfigureServices((_, s) => s.AddIpcWorkers())
            .ConfigureServices((_, s) => seen = s)
            .Build();
        Wired.ByThisAssembly(seen!);
    }

    [Fact]
    public void A_call_below_usings_inside_a_namespace()
    {
        var services = new ServiceCollection();
        UsingsInsideNamespace.Call(services);
        Wired.ByThisAssembly(services);
    }

    [Fact]
    public void A_caller_in_the_namespace_of_the_container()
    {
        var services = new ServiceCollection();
        ModuleServiceCollectionExtensions.AddModule(services);
        Wired.ByThisAssembly(services);
    }

    [Fact]
    public void A_call_in_a_generic_method()
    {
        ServiceCollection services = Generic(new ServiceCollection());
        Wired.ByThisAssembly(services);

        static T Generic<T>(T services)
            where T : IServiceCollection
        {
            services.AddIpcWorkers();
            return services;
        }
    }

    [Fact]
    public void A_call_in_a_local_function()
    {
        var services = new ServiceCollection();
        Local();
        Wired.ByThisAssembly(services);

        void Local() => services.AddIpcWorkers();
    }

    [Fact]
    public void Top_level_statements()
    {
        typeof(Program).Assembly.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        Wired.ByThisAssembly(Program.Seen!);
    }

    [Fact]
    public void A_call_across_lines_with_an_alias_of_the_receiver()
    {
        var builder = Host.CreateApplicationBuilder();
        builder
            .Services
            /* a comment */
            .AddIpcWorkers(
                o =>
                {
                    o.Workers.Count = 1;
                });
        Wired.ByThisAssembly(builder.Services);
    }

    [Fact]
    public void The_in_process_form_on_both_receivers()
    {
        var services = new ServiceCollection();
        services.AddIpcWorkersInProcess();
        Wired.ByThisAssembly(services, inProcess: true);

        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.AddIpcWorkersInProcess(o => o.Workers.Count = 2);
        Wired.ByThisAssembly(builder.Services, inProcess: true);
    }

    [Fact]
    public void The_explicit_form_is_given_what_is_known_of_the_project()
    {
        var services = new ServiceCollection();
        services.AddIpcWorkers(GeneratedIpcListeners.Instance);
        Wired.ByThisAssembly(services);

        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.AddIpcWorkers(GeneratedIpcListeners.Instance, o => o.Workers.Count = 2);
        Wired.ByThisAssembly(builder.Services);
    }

    [Fact]
    public void A_method_group_cannot_be_intercepted_and_throws_at_once()
    {
#pragma warning disable IPC0019 // The warning is right; the exception is what is tested.
        Func<IServiceCollection, Action<IpcOptions>?, IpcWorkersBuilder> call = IpcServiceCollectionExtensions.AddIpcWorkers;
#pragma warning restore IPC0019
        var error = Assert.Throws<InvalidOperationException>(() => call(new ServiceCollection(), null));
        Assert.Contains("AddIpcWorkers(GeneratedIpcListeners.Instance)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_inside_a_library_wires_that_library_only()
    {
        var services = new ServiceCollection();
        Library.LibraryWiring.Wire(services);
        Dispatch.IpcWiringOptions options = Wired.Options(services);
        Assert.Equal("Ipc.Wiring.Library", options.Table.AssemblyName);
        Assert.False(options.IncludeReferences);
    }

    [Fact]
    public void A_method_of_the_same_name_elsewhere_is_left_alone()
    {
        var other = new OtherBuilder();
        other.AddIpcWorkers();
        Assert.Equal(1, other.Calls);
    }
}

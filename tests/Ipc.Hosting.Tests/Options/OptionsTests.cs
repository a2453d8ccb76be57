using System.Text.Json;
using Ipc.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ipc.Hosting.Tests.Options;

public sealed class OptionsTests
{
    private const string Section = """
        { "Ipc": { "Mode": "InProcess", "Endpoint": "shop", "RequestTimeout": "00:00:11", "Workers": { "Count": 4 },
          "Groups": { "task": { "Count": 2, "Program": "Native.Worker", "Arguments": ["a", "b"], "Environment": { "X": "1" }, "WorkingDirectory": "/tmp", "Output": "PassThrough",
            "Restart": { "Limit": 9, "Window": "00:02:00" } } } } }
        """;

    [Fact]
    public void The_section_Ipc_is_bound_with_its_groups()
    {
        IpcOptions options = Read(Section, null);

        Assert.Equal(IpcMode.InProcess, options.Mode);
        Assert.Equal("shop", options.Endpoint);
        Assert.Equal(TimeSpan.FromSeconds(11), options.RequestTimeout);
        Assert.Equal(4, options.Workers.Count);
        IpcGroupOptions task = options.Groups["task"];
        Assert.Equal(2, task.Count);
        Assert.Equal("Native.Worker", task.Program);
        Assert.Equal(["a", "b"], task.Arguments);
        Assert.Equal("1", task.Environment["X"]);
        Assert.Equal("/tmp", task.WorkingDirectory);
        Assert.Equal((IpcOutput.PassThrough, IpcOutput.Log), (task.Output, options.Workers.Output));
        Assert.Equal((9, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(30)), (task.Restart.Limit, task.Restart.Window, task.Restart.MaxDelay));
    }

    [Fact]
    public void The_order_is_defaults_then_section_then_code()
    {
        IpcOptions options = Read(Section, o => o.RequestTimeout = TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(5), options.RequestTimeout);
        Assert.Equal("shop", options.Endpoint);
        Assert.Equal(TimeSpan.FromSeconds(30), options.SendTimeout);
    }

    [Theory]
    [InlineData("Ipc:RequestTimeout", "00:00:00")]
    [InlineData("Ipc:SendTimeout", "-00:00:01")]
    [InlineData("Ipc:StartTimeout", "99.00:00:00")]
    [InlineData("Ipc:StopTimeout", "-00:00:01")]
    [InlineData("Ipc:MaxMessageSize", "10")]
    [InlineData("Ipc:MaxMessageSize", "1073741825")]
    [InlineData("Ipc:MaxPendingMessages", "0")]
    [InlineData("Ipc:RingSize", "100000")]
    [InlineData("Ipc:SharedMemoryLimit", "-1")]
    [InlineData("Ipc:SpinBudget", "-1")]
    [InlineData("Ipc:YieldBudget", "100001")]
    [InlineData("Ipc:StreamWindow", "16383")]
    [InlineData("Ipc:StreamWindow", "16777217")]
    [InlineData("Ipc:Endpoint", "a b")]
    [InlineData("Ipc:Workers:Count", "-1")]
    [InlineData("Ipc:Workers:Count", "2000")]
    [InlineData("Ipc:Groups:Task:Count", "1")]
    [InlineData("Ipc:Groups:supervisor:Count", "1")]
    [InlineData("Ipc:Groups:worker:Count", "1")]
    [InlineData("Ipc:Groups:task:Program", " ")]
    [InlineData("Ipc:Groups:task:Restart:Limit", "-1")]
    [InlineData("Ipc:Groups:task:Restart:Window", "00:00:00")]
    [InlineData("Ipc:Groups:task:Restart:MaxDelay", "00:00:00.05")]
    [InlineData("Ipc:Groups:task:Output", "7")]
    [InlineData("Ipc:Groups:task:HangTimeout", "00:00:00")]
    [InlineData("Ipc:Groups:task:HangTimeout", "00:00:00.05")]
    [InlineData("Ipc:Groups:task:HangTimeout", "-00:00:01")]
    [InlineData("Ipc:Groups:task:DumpFolder", " ")]
    [InlineData("Ipc:Groups:task:DumpType", "7")]
    [InlineData("Ipc:Mode", "7")]
    public async Task A_value_that_cannot_work_ends_the_start_and_names_the_option(string option, string value)
    {
        await using InProcessCluster cluster = InProcessCluster.Build(
            host: b => b.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>(option, value)]));

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(cluster.StartAsync);

        Assert.DoesNotContain("more than 00:00:00 to", error.Message, StringComparison.Ordinal);
        string named = option.Split(':')[1] is "Groups" or "Workers" ? option[..option.LastIndexOf(':')] : option;
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_a_group_is_seen_to_be_set()
    {
        var changed = new Dictionary<string, Action<IpcGroupOptions>>
        {
            [nameof(IpcGroupOptions.Program)] = o => o.Program = "x",
            [nameof(IpcGroupOptions.Arguments)] = o => o.Arguments.Add("x"),
            [nameof(IpcGroupOptions.Environment)] = o => o.Environment["x"] = "y",
            [nameof(IpcGroupOptions.WorkingDirectory)] = o => o.WorkingDirectory = "/",
            [nameof(IpcGroupOptions.User)] = o => o.User = "x",
            [nameof(IpcGroupOptions.DependsOn)] = o => o.DependsOn.Add("x"),
            [nameof(IpcGroupOptions.WaitForReady)] = o => o.WaitForReady = true,
            [nameof(IpcGroupOptions.Output)] = o => o.Output = IpcOutput.PassThrough,
            [nameof(IpcGroupOptions.Restart)] = o => o.Restart = new() { StableTime = TimeSpan.Zero },
            [nameof(IpcGroupOptions.HangTimeout)] = o => o.HangTimeout = Timeout.InfiniteTimeSpan,
            [nameof(IpcGroupOptions.DumpFolder)] = o => o.DumpFolder = "/",
            [nameof(IpcGroupOptions.DumpType)] = o => o.DumpType = IpcDumpType.Full,
            [nameof(IpcGroupOptions.Standby)] = o => o.Standby = 1,
            [nameof(IpcGroupOptions.Reload)] = o => o.Reload = new() { Concurrency = 2 },
            [nameof(IpcGroupOptions.Recycle)] = o => o.Recycle = new() { AfterMessages = 1 },
        };
        Assert.Equal(typeof(IpcGroupOptions).GetProperties().Select(p => p.Name).Except([nameof(IpcGroupOptions.Count)]).Order(), changed.Keys.Order());
        Assert.Empty(ChangedOptions.Of(new IpcGroupOptions { Count = 3 }));

        foreach ((string name, Action<IpcGroupOptions> change) in changed)
        {
            var options = new IpcGroupOptions();
            change(options);
            Assert.Equal([name], ChangedOptions.Of(options));
        }
    }

    [Fact]
    public void Every_mistake_is_said_at_once()
    {
        var options = new IpcOptions { MaxMessageSize = 1, RingSize = 3 };

        ValidateOptionsResult result = new IpcOptionsValidator().Validate(null, options);

        Assert.Equal(3, result.Failures!.Count());
    }

    [Fact]
    public void The_schema_for_editors_knows_every_option_with_its_default_and_nothing_else()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ConfigurationSchema.json")));
        JsonElement ipc = schema.RootElement.GetProperty("properties").GetProperty("Ipc").GetProperty("properties");
        JsonElement group = schema.RootElement.GetProperty("definitions").GetProperty("group").GetProperty("properties");

        Assert.Equal(
            typeof(IpcOptions).GetProperties().Concat(typeof(IpcClientOptions).GetProperties()).Select(p => p.Name).Distinct().Order(), ipc.EnumerateObject().Select(p => p.Name).Order());
        JsonElement clients = ipc.GetProperty("Clients").GetProperty("properties");
        Assert.Equal(typeof(IpcClientsOptions).GetProperties().Select(p => p.Name).Order(), clients.EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal(new IpcClientsOptions().Max, clients.GetProperty("Max").GetProperty("default").GetInt32());
        Assert.Equal(new IpcClientOptions().MaxReconnectDelay, TimeSpan.Parse(ipc.GetProperty("MaxReconnectDelay").GetProperty("default").GetString()!, null));
        Assert.Equal(typeof(IpcGroupOptions).GetProperties().Select(p => p.Name).Order(), group.EnumerateObject().Select(p => p.Name).Order());
        JsonElement restart = group.GetProperty("Restart").GetProperty("properties");
        Assert.Equal(typeof(IpcRestartOptions).GetProperties().Select(p => p.Name).Order(), restart.EnumerateObject().Select(p => p.Name).Order());
        var restarts = new IpcRestartOptions();
        Assert.Equal(restarts.Limit, restart.GetProperty("Limit").GetProperty("default").GetInt32());
        Assert.Equal(
            [restarts.Window, restarts.MinDelay, restarts.MaxDelay, restarts.StableTime],
            new[] { "Window", "MinDelay", "MaxDelay", "StableTime" }.Select(name => TimeSpan.Parse(restart.GetProperty(name).GetProperty("default").GetString()!, null)));
        Assert.Equal(Enum.GetNames<IpcDumpType>(), group.GetProperty("DumpType").GetProperty("enum").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(new IpcGroupOptions().HangTimeout, TimeSpan.Parse(group.GetProperty("HangTimeout").GetProperty("default").GetString()!, null));
        Assert.Equal(new IpcGroupOptions().DumpType.ToString(), group.GetProperty("DumpType").GetProperty("default").GetString());
        var defaults = new IpcOptions();
        Assert.Equal(defaults.RequestTimeout, TimeSpan.Parse(ipc.GetProperty("RequestTimeout").GetProperty("default").GetString()!, null));
        Assert.Equal(defaults.StartTimeout, TimeSpan.Parse(ipc.GetProperty("StartTimeout").GetProperty("default").GetString()!, null));
        Assert.Equal(defaults.MaxMessageSize, ipc.GetProperty("MaxMessageSize").GetProperty("default").GetInt32());
        Assert.Equal(defaults.RingSize, ipc.GetProperty("RingSize").GetProperty("default").GetInt32());
        Assert.Equal(defaults.SharedMemoryLimit, ipc.GetProperty("SharedMemoryLimit").GetProperty("default").GetInt64());
        Assert.Equal(Enum.GetNames<IpcOutput>(), group.GetProperty("Output").GetProperty("enum").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal($"{new IpcGroupOptions().Output}", group.GetProperty("Output").GetProperty("default").GetString());
        Assert.Equal(Enum.GetNames<IpcMode>(), ipc.GetProperty("Mode").GetProperty("enum").EnumerateArray().Select(e => e.GetString()));
    }

    private static IpcOptions Read(string json, Action<IpcOptions>? configure)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)));
        builder.AddIpcWorkers(configure);
        using IHost host = builder.Build();
        return host.Services.GetRequiredService<IOptions<IpcOptions>>().Value;
    }
}

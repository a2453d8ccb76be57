using Ipc.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ipc.Hosting.Tests.Options;

/// <summary>What the section Ipc may hold, before anything is bound.</summary>
public sealed class OptionNamesTests
{
    [Theory]
    [InlineData("Ipc:Workers:Cuont", "Ipc:Workers:Cuont is not an option. Did you mean \"Count\"?")]
    [InlineData("Ipc:requesttimeuot", "Ipc:requesttimeuot is not an option. Did you mean \"RequestTimeout\"?")]
    [InlineData("Ipc:Groups:task:WorkDirectory", "Ipc:Groups:task:WorkDirectory is not an option. Did you mean \"WorkingDirectory\"?")]
    [InlineData("Ipc:Groups:task:Enviroment:PATH", "Ipc:Groups:task:Enviroment is not an option. Did you mean \"Environment\"?")]
    [InlineData("Ipc:Workers:Zebra", "Ipc:Workers:Zebra is not an option. The options there are Count, Program, Arguments, Environment, WorkingDirectory, User, DependsOn, WaitForReady, Output, Restart, HangTimeout, DumpFolder, DumpType, Standby, Reload and Recycle.")]
    [InlineData("Ipc:Daemonize", "Ipc:Daemonize is not an option: a supervisor does not detach itself from what starts it. Let systemd, a container or a Windows service start it and keep it (docs/deploy.md).")]
    [InlineData("Ipc:SendTimeout:Seconds", "Ipc:SendTimeout:Seconds is not an option: Ipc:SendTimeout must be a time such as 00:00:30 (hours, minutes, seconds).")]
    public async Task A_name_that_is_no_option_ends_the_start_and_says_which_was_meant(string key, string message)
    {
        Assert.Equal([message], await FailuresOfStartAsync((key, "1")));
    }

    [Theory]
    [InlineData("Ipc:Workers:Count", "abc", "a whole number from 0 to 1024")]
    [InlineData("Ipc:Clients:Enabled", "yes", "true or false")]
    [InlineData("Ipc:Clients:Max", "many", "a whole number from 1 to 10000")]
    [InlineData("Ipc:Clients:Users", "me", "a list such as Ipc:Clients:Users:0")]
    [InlineData("Ipc:Workers:Count", "99999999999", "a whole number from 0 to 1024")]
    [InlineData("Ipc:Groups:task:Count", "2.5", "a whole number from 0 to 1024")]
    [InlineData("Ipc:Mode", "Foo", "Processes, InProcess or Off")]
    [InlineData("Ipc:Workers:Output", "Both", "Log or PassThrough")]
    [InlineData("Ipc:RequestTimeout", "30", "a time such as 00:00:30 (hours, minutes, seconds)")]
    [InlineData("Ipc:RequestTimeout", "30s", "a time such as 00:00:30 (hours, minutes, seconds)")]
    [InlineData("Ipc:IncludeRemoteStackTraces", "yes", "true or false")]
    [InlineData("Ipc:Workers:WaitForReady", "yes", "true or false")]
    [InlineData("Ipc:RingSize", "1 MiB", "a whole number of bytes, a power of two from 65536 to 1073741824")]
    [InlineData("Ipc:MaxMessageSize", "big", "a whole number of bytes from 1024 to 1073741824")]
    [InlineData("Ipc:MaxPendingMessages", "many", "a whole number from 16 to 65536")]
    [InlineData("Ipc:SharedMemoryLimit", "none", "a whole number of bytes, or 0 for pipes only")]
    [InlineData("Ipc:Workers", "4", "a group of options such as Ipc:Workers:Count")]
    [InlineData("Ipc:Groups:task", "4", "a group of options such as Ipc:Groups:task:Count")]
    [InlineData("Ipc:Groups", "task", "a list of groups such as Ipc:Groups:task:Count")]
    [InlineData("Ipc:Workers:Arguments", "--fast", "a list such as Ipc:Workers:Arguments:0")]
    [InlineData("Ipc:Workers:Environment", "A=1", "variables such as Ipc:Workers:Environment:NAME")]
    [InlineData("Ipc", "4", "a section of options such as Ipc:Mode")]
    public async Task A_value_of_another_kind_ends_the_start_and_says_what_it_must_be(string key, string value, string allowed)
    {
        Assert.Equal([$"{key} is \"{value}\"; it must be {allowed}."], await FailuresOfStartAsync((key, value)));
    }

    [Fact]
    public async Task Every_mistake_of_the_section_is_said_at_once()
    {
        Assert.Equal(3, (await FailuresOfStartAsync(("Ipc:Mod", "Off"), ("Ipc:Workers:Count", "two"), ("Ipc:Groups:task:Programm", "x"))).Count);
    }

    [Fact]
    public async Task Options_of_a_group_that_there_is_not_end_the_start()
    {
        string failure = Assert.Single(await FailuresOfStartAsync(("Ipc:Workers:Count", ""), ("Ipc:Workers:Standby", "1"), ("Ipc:Groups:task:Count", "1")));

        Assert.StartsWith("Ipc:Workers:Standby is set for the group \"worker\", which this cluster does not have: ", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ipc:workers:count", "2")]
    [InlineData("Ipc:mode", "inprocess")]
    [InlineData("Ipc:RequestTimeout", "")]
    [InlineData("Ipc:Workers:Count", "")]
    [InlineData("Ipc:Workers", "")]
    [InlineData("Ipc:Groups:any.name-at_all:Count", "1")]
    [InlineData("Ipc:Workers:Environment:Any_name__at_all", "x")]
    [InlineData("Ipc:Workers:Arguments:0", "--anything")]
    public async Task Other_capitals_empty_values_and_free_names_are_accepted(string key, string value)
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(host: Configure((key, value)));

        Assert.NotNull(cluster.Sender);
    }

    [Fact]
    public void The_names_are_those_of_the_options_and_of_no_others()
    {
        Assert.Equal(
            typeof(IpcOptions).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal),
            OptionNames.Section.Members.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            typeof(IpcClientOptions).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal),
            OptionNames.ClientSection.Members.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            typeof(IpcClientsOptions).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal),
            OptionNames.Section.Members[nameof(IpcOptions.Clients)].Members.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            typeof(IpcGroupOptions).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal),
            OptionNames.Group.Members.Keys.Order(StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> FailuresOfStartAsync(params (string Key, string Value)[] settings)
    {
        await using InProcessCluster cluster = InProcessCluster.Build(host: Configure(settings));

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(cluster.StartAsync);
        return [.. error.Failures];
    }

    private static Action<Microsoft.Extensions.Hosting.IHostApplicationBuilder> Configure(params (string Key, string Value)[] settings) =>
        builder => builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value)));
}

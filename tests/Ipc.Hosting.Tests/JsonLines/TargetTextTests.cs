using Ipc.JsonLines;
using Ipc.Serialization;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

public sealed class TargetTextTests
{
    public static TheoryData<string, Target> Targets => new()
    {
        { "all", Target.All },
        { "any", Target.Any() },
        { "any:web", Target.Any("web") },
        { "group:web", Target.Group("web") },
        { "supervisor", Target.Supervisor },
        { "worker/1", Target.Worker(1) },
        { "web/1", Target.Worker("web", 1) },
        { "web/1,3", Target.Workers("web", 1, 3) },
        { "clients", Target.Clients() },
        { "clients:shop", Target.Clients("shop") },
        { "client:shop", Target.Client("shop") },
        { "client shop#7", Target.Peer(PeerId.Client("shop", 7)) },
        { "web/1#2", Target.Peer(PeerId.Worker("web", 1, 2)) },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_target_is_read_as_it_is_written(string text, Target target) => Assert.Equal(target, TargetText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("All")]
    [InlineData("web")]
    [InlineData("any:")]
    [InlineData("group:")]
    [InlineData("client:")]
    [InlineData("client shop")]
    [InlineData("client #7")]
    [InlineData("/1")]
    [InlineData("web/")]
    [InlineData("web/-1")]
    [InlineData("web/1.5")]
    [InlineData("web/1,")]
    [InlineData("web/1,2#3")]
    [InlineData("web/1#2#3")]
    [InlineData("web/99999999999")]
    public void Anything_else_is_refused_and_the_forms_are_named(string text) =>
        Assert.Contains("GROUP/ID", Assert.Throws<MessageFormatException>(() => TargetText.Parse(text)).Message, StringComparison.Ordinal);
}

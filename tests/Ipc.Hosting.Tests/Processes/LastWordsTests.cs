using Ipc.Processes;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What is kept of what a worker said, to explain its end.</summary>
public sealed class LastWordsTests
{
    private readonly LastWords _words = new();

    [Fact]
    public void Of_an_exception_its_type_and_message_are_kept_and_not_its_stack()
    {
        Log(LogLevel.Error, $"It failed\n{new InvalidOperationException("no licence")}\n   at Shop.Main()\n   at System.X()");

        Assert.Equal("It failed: System.InvalidOperationException: no licence", _words.LoggedError);
    }

    [Fact]
    public void The_last_error_is_kept_and_of_a_host_the_first()
    {
        Log(LogLevel.Error, "one\nA: first\n   at B()");
        Log(LogLevel.Error, "two");
        Log(LogLevel.Warning, "no error");
        Assert.Equal("two", _words.LoggedError);
        const string Host = "Microsoft.Extensions.Hosting.Internal.Host";
        Log(LogLevel.Error, "BackgroundService failed\nC: second\n ---> D: third\n   --- End of inner exception stack trace ---\n   at E()", Host);

        Log(LogLevel.Critical, "the host stops\nC: second", Host);
        Log(LogLevel.Error, "because the host stops");

        Assert.Equal("BackgroundService failed: C: second ---> D: third", _words.LoggedError);
    }

    [Fact]
    public void An_error_without_an_exception_is_better_than_nothing()
    {
        Assert.Null(_words.LoggedError);

        Log(LogLevel.Error, new string('x', 1000));

        Assert.Equal(new string('x', 400) + "...", _words.LoggedError);
        Assert.Null(_words.ErrorLine);
    }

    private void Log(LogLevel level, string text, string category = "Shop") => _words.Add(new OutputRecord(level, 0, category, text));
}

using System.Reflection;

namespace Ipc.Repository.Tests;

/// <summary>The public API is reviewed text: a change to it is a change to a file under docs/api.</summary>
public sealed class PublicApiTests
{
    private const string AcceptVariable = "IPC_ACCEPT_API";

    [Theory]
    [InlineData("Ipc.Abstractions")]
    [InlineData("Ipc.Transports.Shm")]
    [InlineData("Ipc.Hosting")]
    public void The_public_API_is_the_reviewed_one(string assembly)
    {
        string path = Path.Combine(Repository.Root, "docs", "api", assembly + ".txt");
        string approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        string actual = PublicApi.Describe(Assembly.Load(assembly));

        if (approved == actual)
        {
            return;
        }

        string difference = Difference(approved, actual);
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);

            // Accepting fails too, so that it cannot stay switched on.
            Assert.Fail($"docs/api/{assembly}.txt was rewritten. Review it with git diff, then run without {AcceptVariable}.\n{difference}");
        }

        Assert.Fail(
            $"The public API of {assembly} is not the one of docs/api/{assembly}.txt. If the change is meant, accept it with "
            + $"\"{AcceptVariable}=1 dotnet test tests/Ipc.Repository.Tests\" and commit the file.\n{difference}");
    }

    [Fact]
    public void A_description_shows_what_others_can_use()
    {
        string text = PublicApi.Describe(typeof(IMessageSender).Assembly);

        Assert.Contains("interface Ipc.IListener<TMessage>\n", text, StringComparison.Ordinal);
        Assert.Contains("enum Ipc.IpcError : byte\n", text, StringComparison.Ordinal);
        Assert.Contains("    static Target All { get; }\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ListenerDisposal", text, StringComparison.Ordinal);
    }

    private static string Difference(string approved, string actual)
    {
        string[] before = approved.Split('\n');
        string[] after = actual.Split('\n');
        return string.Join('\n', before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)));
    }
}

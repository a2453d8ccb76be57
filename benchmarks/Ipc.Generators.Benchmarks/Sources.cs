using System.Text;

namespace Ipc.Generators.Benchmarks;

/// <summary>Writes the sources of a large program: one file per type, as people have them.</summary>
internal static class Sources
{
    public static IEnumerable<(string Name, string Text)> Listeners(int count) => Enumerable.Range(0, count).Select(i => ($"Listener{i}.cs", Listener(i, i)));

    public static string Listener(int number, int action) => $$"""
        using Ipc;
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        namespace Shop.Listeners;
        [Listener("PIPE_MESSAGE.action.{{action}}", Priority = {{number % 7}})]
        internal sealed class Listener{{number}}(IServiceProvider services, Uri address) : IListener<string, int>
        {
            public ValueTask<int> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => new(services.GetHashCode() + address.Port);
        }
        """;

    public static IEnumerable<(string Name, string Text)> Messages(int count) => Enumerable.Range(0, count).Select(i => ($"Message{i}.cs", Message(i)));

    public static string Message(int number)
    {
        var text = new StringBuilder();
        text.AppendLine("using Ipc; using System; using System.Collections.Generic; namespace Shop.Messages;");
        text.AppendLine(null, $"[Message(\"message.{number}\")] public partial record Message{number}(Guid Id, int Count, string Name, decimal Total, DateTimeOffset At, List<int> Items);");
        return text.ToString();
    }
}

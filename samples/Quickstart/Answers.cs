using System.Threading.Channels;

namespace Quickstart;

/// <summary>Hands answers from their listener to the story.</summary>
internal sealed class Answers
{
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();

    /// <summary>Adds one.</summary>
    public void Add(string answer) => _answers.Writer.TryWrite(answer);

    /// <summary>Waits for the next one.</summary>
    public ValueTask<string> NextAsync(CancellationToken cancellationToken) => _answers.Reader.ReadAsync(cancellationToken);
}

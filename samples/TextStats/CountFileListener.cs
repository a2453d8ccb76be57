using Ipc;
using TextStats.Counting;

namespace TextStats;

/// <summary>Counts files in a worker, one after the other.</summary>
[Listener(RunsIn = ListenerPlaces.Workers, Lifetime = ListenerLifetime.Singleton)]
internal sealed class CountFileListener : IListener<CountFile, CountedFile>
{
    /// <summary>With words of at most 64 bytes an answer stays below 1 MiB.</summary>
    private const int MaxWordsInAnAnswer = 12_000;

    public ValueTask<CountedFile> HandleAsync(CountFile message, MessageContext context, CancellationToken cancellationToken)
    {
        try
        {
            var tally = new WordTally(message.Part, message.Parts, MaxWordsInAnAnswer);
            FileCount count = FileCounter.Count(message.Path, tally, cancellationToken);
            return new(new CountedFile(count.Lines, count.Words, count.Bytes, count.Sha256, tally.Counts.ToDictionary(), tally.Overflowed, Unreadable: null));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An answer and not an error: that a file cannot be read is a result.
            return new(new CountedFile(0, 0, 0, [], [], TooManyWords: false, e.Message));
        }
    }
}

using System.Globalization;
using Ipc;
using TextStats.Counting;

namespace TextStats;

/// <summary>Counts a folder by asking workers, several files at a time.</summary>
/// <param name="sender">Asks them.</param>
/// <param name="progress">Told about every file.</param>
internal sealed class ClusterCounter(IMessageSender sender, Progress progress)
{
    /// <summary>A worker that counts a small file should find the next one waiting.</summary>
    private const int FilesInFlightPerWorker = 4;

    private const int TriesPerFile = 3;

    /// <summary>A large file may take its time: that a worker died is said at once, so no clock is needed.</summary>
    private static readonly RequestOptions Options = new() { Timeout = Timeout.InfiniteTimeSpan, SendTimeout = Timeout.InfiniteTimeSpan };

    private readonly Lock _lock = new();

    /// <summary>Counts.</summary>
    /// <param name="folder">The folder, as a full path.</param>
    /// <param name="workers">How many workers there are.</param>
    /// <param name="cancellationToken">Stops counting, in the workers too.</param>
    public async Task<FolderTotals> CountAsync(string folder, int workers, CancellationToken cancellationToken)
    {
        FolderListing listing = FolderListing.Of(folder);
        var totals = new FolderTotals(listing);
        progress.Begin(listing.Files.Count);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers * FilesInFlightPerWorker, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, listing.Files.Count, parallel, (index, token) => CountFileAsync(folder, listing.Files[index], index, totals, token));
        progress.End();
        return totals;
    }

    private async ValueTask CountFileAsync(string folder, string file, int index, FolderTotals totals, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, file);
        CountedFile answer;
        try
        {
            answer = await AskAsync(new CountFile(path, 0, 1), cancellationToken);
            var words = new List<Dictionary<string, long>>();
            await CollectWordsAsync(answer, path, 0, 1, words, cancellationToken);
            lock (_lock)
            {
                if (answer.Unreadable is null)
                {
                    totals.Add(index, new(answer.Lines, answer.Words, answer.Bytes, answer.Sha256));
                    words.ForEach(totals.AddWords);
                }
                else
                {
                    totals.AddUnreadable(index, answer.Unreadable);
                }
            }
        }
        catch (IpcException e) when (e.Reason is IpcError.PeerGone or IpcError.ListenerFailed)
        {
            lock (_lock)
            {
                totals.AddUnreadable(index, e.Message);
            }

            return;
        }

        progress.FileDone(answer.Bytes);
    }

    /// <summary>Takes the words of an answer, or asks for each half of its part when there were too many.</summary>
    private async Task CollectWordsAsync(
        CountedFile answer, string path, int part, int parts, List<Dictionary<string, long>> words, CancellationToken cancellationToken)
    {
        if (!answer.TooManyWords)
        {
            words.Add(answer.WordCounts);
            return;
        }

        foreach (int half in (int[])[part, part + parts])
        {
            CountedFile next = await AskAsync(new CountFile(path, half, parts * 2), cancellationToken);
            await CollectWordsAsync(next, path, half, parts * 2, words, cancellationToken);
        }
    }

    /// <summary>Asks any worker; when it dies over the file, another one, but not for ever: the file may be the reason.</summary>
    private async Task<CountedFile> AskAsync(CountFile request, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await sender.RequestAsync(request, Target.Any(), Options, cancellationToken);
            }
            catch (IpcException e) when (e.Reason == IpcError.PeerGone && tries < TriesPerFile)
            {
                progress.Say(string.Create(CultureInfo.InvariantCulture, $"{request.Path}: {e.Message} Asking again, try {tries + 1} of {TriesPerFile}."));
            }
        }
    }
}

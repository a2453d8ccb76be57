using System.Buffers;
using System.Security.Cryptography;

namespace TextStats.Counting;

/// <summary>Reads one file once, in blocks, and counts everything on the way. Memory does not grow with the file.</summary>
public static class FileCounter
{
    private const int BlockSize = 128 * 1024;

    /// <summary>Counts a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tally">Takes the words too; <see langword="null"/> leaves them uncounted.</param>
    /// <param name="cancellationToken">Looked at between blocks.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileCount Count(string path, WordTally? tally, CancellationToken cancellationToken)
    {
        // Sharing everything takes no advisory lock, so that counting disturbs nobody.
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.SequentialScan,
        });
        return Count(file, tally, cancellationToken);
    }

    /// <summary>Counts a stream from where it stands to its end.</summary>
    /// <inheritdoc cref="Count(string, WordTally?, CancellationToken)"/>
    public static FileCount Count(Stream stream, WordTally? tally, CancellationToken cancellationToken)
    {
        var counter = new WcCounter();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            int read;
            while ((read = stream.Read(buffer, 0, BlockSize)) != 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> block = buffer.AsSpan(0, read);
                counter.Add(block);
                hash.AppendData(block);
                tally?.Add(block);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        tally?.End();
        return new(counter.Lines, counter.Words, counter.Bytes, hash.GetHashAndReset());
    }
}

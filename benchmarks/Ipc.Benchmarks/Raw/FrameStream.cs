using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ipc.Benchmarks.Raw;

/// <summary>Frames behind their length on a stream: one write each, and as many as there are with one read.</summary>
internal sealed class FrameStream(Stream stream) : IAsyncDisposable
{
    /// <summary>Bytes of the length before a frame.</summary>
    public const int PrefixSize = sizeof(int);

    private byte[] _buffer = new byte[64 << 10];
    private int _begin;
    private int _end;

    /// <summary>The next frame with its length before it; valid until the next call.</summary>
    /// <exception cref="EndOfStreamException">The other side has gone.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // what is measured is the stream
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        if (_end - _begin < PrefixSize)
        {
            await FillAsync(PrefixSize);
        }

        int whole = PrefixSize + BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_begin));
        if (_end - _begin < whole)
        {
            await FillAsync(whole);
        }

        var frame = new ReadOnlyMemory<byte>(_buffer, _begin, whole);
        _begin += whole;
        return frame;
    }

    /// <summary>Writes a frame that has its length before it.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> frame) => stream.WriteAsync(frame);

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync(int wanted)
    {
        int have = _end - _begin;
        if (_begin + wanted > _buffer.Length)
        {
            byte[] buffer = wanted > _buffer.Length ? new byte[wanted] : _buffer;
            _buffer.AsSpan(_begin, have).CopyTo(buffer);
            _buffer = buffer;
            _begin = 0;
            _end = have;
        }

        _end += await stream.ReadAtLeastAsync(_buffer.AsMemory(_end), wanted - have);
    }
}

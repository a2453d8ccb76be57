using System.Buffers;

namespace Ipc.JsonLines;

/// <summary>Cuts a stream into lines, wherever it is torn. Holds one line and what has come behind it, and no more. Used by one caller at a time.</summary>
internal sealed class JsonLineReader : IDisposable
{
    private const int SmallSize = 16 << 10;

    private readonly Stream _stream;
    private readonly int _maxLength;
    private byte[] _buffer;
    private int _start;
    private int _searched;
    private int _end;
    private bool _skipping;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">Where from; not disposed.</param>
    /// <param name="maxLength">The most bytes of a line, its end included.</param>
    /// <param name="received">What has been read from the stream already.</param>
    public JsonLineReader(Stream stream, int maxLength, ReadOnlySpan<byte> received = default)
    {
        _stream = stream;
        _maxLength = maxLength;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(SmallSize, received.Length));
        received.CopyTo(_buffer);
        _end = received.Length;
    }

    /// <summary>The next line. What follows the last line end is a line too.</summary>
    public async ValueTask<JsonLine> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out JsonLine line))
            {
                return line;
            }

            if (_end - _start >= _maxLength)
            {
                _skipping = true;
                _start = _searched = _end;
                return new JsonLine(JsonLineKind.TooLong, default);
            }

            MakeRoom();
            int read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                line = new JsonLine(_start == _end ? JsonLineKind.End : JsonLineKind.Line, _buffer.AsMemory(_start, _end - _start));
                _start = _searched = _end;
                return line;
            }

            _end += read;
        }
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _searched = _end = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryTake(out JsonLine line)
    {
        while (true)
        {
            int length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (length < 0)
            {
                _searched = _end;
                if (_skipping)
                {
                    _start = _end;
                }

                line = default;
                return false;
            }

            int end = _searched + length;
            ReadOnlyMemory<byte> bytes = _buffer.AsMemory(_start, end - _start);
            _start = _searched = end + 1;
            if (_skipping)
            {
                _skipping = false; // it has been told already
                continue;
            }

            line = bytes.Length < _maxLength ? new JsonLine(JsonLineKind.Line, bytes) : new JsonLine(JsonLineKind.TooLong, default);
            return true;
        }
    }

    /// <summary>Moves what is there to the front, and takes a larger buffer when it is full, a small one when a large one is empty.</summary>
    private void MakeRoom()
    {
        int length = _end - _start;
        int size = length == 0 && _buffer.Length > 4 * SmallSize ? SmallSize : length == _buffer.Length ? 2 * length : _buffer.Length;
        if (size != _buffer.Length)
        {
            byte[] other = ArrayPool<byte>.Shared.Rent(size);
            _buffer.AsSpan(_start, length).CopyTo(other);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = other;
        }
        else if (_start > 0 && (length == 0 || _end == _buffer.Length))
        {
            _buffer.AsSpan(_start, length).CopyTo(_buffer);
        }
        else
        {
            return;
        }

        (_start, _searched, _end) = (0, _searched - _start, length);
    }
}

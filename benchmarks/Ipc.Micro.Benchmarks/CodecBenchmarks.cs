using BenchmarkDotNet.Attributes;
using Ipc.Codec.Benchmarks;
using Ipc.Serialization;

namespace Ipc.Micro.Benchmarks;

/// <summary>A generated serializer beside a hand-written loop over the same 37 bytes.</summary>
public class CodecBenchmarks
{
    private readonly byte[] _buffer = new byte[256];
    private readonly Small _message = new(123_456, "hello wörld", 1_700_000_000_000, 3.14159);
    private readonly MessageSerializer<Small> _serializer = MessageSerializer.Of<Small>();
    private readonly FixedOutput _output;
    private readonly byte[] _bytes;

    public CodecBenchmarks()
    {
        _output = new FixedOutput(_buffer);
        _bytes = _buffer[..HandWritten.Write(_buffer, _message)];
    }

    [Benchmark]
    public int HandWrittenWrite() => HandWritten.Write(_buffer, _message);

    [Benchmark]
    public int GeneratedWrite()
    {
        _output.Reset();
        var writer = new MessagePackWriter(_output);
        _serializer.Write(ref writer, _message);
        writer.Flush();
        return _output.Written;
    }

    [Benchmark]
    public Small HandWrittenRead() => HandWritten.Read(_bytes);

    [Benchmark]
    public Small GeneratedRead()
    {
        var reader = new MessagePackReader(_bytes);
        return _serializer.Read(ref reader);
    }
}

using System.Buffers;
using System.Buffers.Binary;

namespace Ipc.Transports.Rings;

/// <content>Frames larger than half of the ring that got no segment: they come in pieces and are put together in one pooled buffer.</content>
internal sealed unsafe partial class RingReader
{
    private const ulong MaxBytesPerTurn = 256 << 10;
    internal const uint AssemblyNone = 0;
    internal const uint AssemblyRunning = 1;

    /// <summary>The reader died; the frame is reported; what is left of its pieces is to be skipped.</summary>
    internal const uint AssemblyReported = 2;

    /// <summary>What an announced length alone costs at most; the buffer grows as bytes really arrive.</summary>
    private const int FirstAssemblySize = 256 << 10;

    private byte[]? _assembly;
    private int _assemblyLength;
    private int _assembled;
    private bool _isSkipping;

    /// <summary>Bytes that are rented for a frame in pieces.</summary>
    internal int RentedForAssembly => _assembly?.Length ?? 0;

    private DrainResult ReadPiece(ReaderThread thread, ReadOnlySpan<byte> piece, RecordFlags flags, ulong next)
    {
        if ((flags & RecordFlags.First) != 0)
        {
            return BeginAssembly(piece, next);
        }

        bool isLast = (flags & RecordFlags.Last) != 0;
        if (_assembly is null)
        {
            if (!_isSkipping)
            {
                return Garbage($"a later piece of a frame at {_position} without its first");
            }

            // Our predecessor had read the first pieces and died; the post-mortem has reported the frame.
            Advance(next);
            if (isLast)
            {
                _isSkipping = false;
                FinishAssembly();
            }

            return DrainResult.More;
        }

        int missing = _assemblyLength - _assembled;
        if (piece.Length > missing || (isLast && piece.Length != missing))
        {
            return Garbage($"a piece of {piece.Length} bytes at {_position} where {missing} of {_assemblyLength} are missing");
        }

        MakeRoom(piece.Length);
        piece.CopyTo(_assembly.AsSpan(_assembled));
        if (isLast)
        {
            // Not counted before the frame is consumed: a lane that is held reads this piece again.
            if (!CanOffer(_assemblyLength))
            {
                return DrainResult.Held;
            }

            Volatile.Write(ref _ring.AssemblySettled, next);
            return Deliver(thread, _assembly.AsSpan(0, _assemblyLength), next);
        }

        _assembled += piece.Length;
        Advance(next);
        _loop.Pass(KillPoint.PieceRead);
        return DrainResult.More;
    }

    private DrainResult BeginAssembly(ReadOnlySpan<byte> piece, ulong next)
    {
        if (_assembly is not null || piece.Length < RingLayout.AssemblyPrefixSize + FrameHeader.Size)
        {
            return Garbage($"a first piece of {piece.Length} bytes at {_position} makes no sense there");
        }

        ulong prefix = BinaryPrimitives.ReadUInt64LittleEndian(piece);
        ReadOnlySpan<byte> bytes = piece[RingLayout.AssemblyPrefixSize..];
        if (prefix > (ulong)_loop.Limits.MaxMessageSize || prefix <= (ulong)bytes.Length)
        {
            return Garbage($"a frame in pieces says that it has {prefix} bytes; Ipc:MaxMessageSize allows {_loop.Limits.MaxMessageSize}");
        }

        // For a post-mortem: these bytes leave shared memory before their listener has started. Who dies now has lost the frame, and this says which one.
        if (!TryReadHeader(bytes, (int)prefix, out FrameHeader header))
        {
            return Garbage($"a frame in pieces at {_position} does not begin with a header");
        }

        _assemblyLength = (int)prefix;
        _assembly = ArrayPool<byte>.Shared.Rent(Math.Min(_assemblyLength, Math.Max(FirstAssemblySize, bytes.Length)));
        bytes.CopyTo(_assembly);
        _assembled = bytes.Length;
        _isSkipping = false;
        _ring.AssemblyKind = (byte)header.Kind;
        _ring.AssemblyAction = header.ActionHash;
        _ring.AssemblyCorrelation = header.Correlation;
        _ring.AssemblySettled = _position;
        Volatile.Write(ref _ring.Assembly, AssemblyRunning);
        Advance(next);
        _loop.Pass(KillPoint.PieceRead);
        return DrainResult.More;
    }

    /// <summary>The header of a frame of which only the first bytes are there: its body may begin behind them.</summary>
    internal static bool TryReadHeader(ReadOnlySpan<byte> first, int frameLength, out FrameHeader header)
    {
        Span<byte> fixedPart = stackalloc byte[FrameHeader.Size];
        first[..FrameHeader.Size].CopyTo(fixedPart);
        int bodyOffset = BinaryPrimitives.ReadInt32LittleEndian(fixedPart[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart[sizeof(int)..], FrameHeader.Size);
        return FrameHeader.TryRead(fixedPart, out header, out _) && bodyOffset >= FrameHeader.Size && bodyOffset <= frameLength;
    }

    private void MakeRoom(int more)
    {
        byte[] old = _assembly!;
        if (old.Length - _assembled < more)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_assemblyLength, Math.Max(_assembled + more, 2L * old.Length)));
            old.AsSpan(0, _assembled).CopyTo(larger);
            _assembly = larger;
            ArrayPool<byte>.Shared.Return(old);
        }
    }

    /// <summary>After <c>done</c> has moved past the last piece: a post-mortem in between sees that the frame is settled there, whatever has become of it since.</summary>
    private void FinishAssembly()
    {
        if (_ring.Assembly != AssemblyNone)
        {
            Volatile.Write(ref _ring.Assembly, AssemblyNone);
        }
    }

    private void DropAssembly()
    {
        if (_assembly is { } buffer)
        {
            _assembly = null;
            _assembled = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

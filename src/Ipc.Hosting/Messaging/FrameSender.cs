using System.Buffers;
using System.Buffers.Binary;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Writes one frame into a route's lane.</summary>
internal static class FrameSender
{
    /// <summary>Serialises straight into the lane.</summary>
    public static ValueTask<long> Write<TBody>(
        OutboundRoute route,
        FrameKind kind,
        ulong hash,
        long messageId,
        long deadline,
        SendOptions? options,
        TBody body,
        Cluster cluster,
        CancellationToken cancellationToken,
        TimeSpan? timeout = null,
        FrameFlags flags = FrameFlags.None,
        CallChain? chain = null)
        where TBody : struct, IFrameBody
    {
        TimeSpan wait = timeout ?? Deadline.SendTimeoutOf(options, cluster.Options);
        IBufferWriter<byte> output = route.Lane.BeginFrame();
        try
        {
            FrameEncoder.Write(output, new FrameHeader(kind, flags, hash, messageId, deadline), options?.Headers, body, chain, MessageTracing.Current, cluster.StampsMessages);
        }
        catch
        {
            route.Lane.AbortFrame();
            throw;
        }

        return route.Lane.CommitFrameAsync(wait, cancellationToken);
    }

    /// <summary>Copies a frame that was serialised before.</summary>
    /// <param name="route">Where to.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="hash">Its action, whatever stands in the frame.</param>
    /// <param name="timeout">How long it may wait for room.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static ValueTask<long> WriteCopy(OutboundRoute route, PooledBufferWriter frame, ulong hash, TimeSpan timeout, CancellationToken cancellationToken)
    {
        IBufferWriter<byte> output = route.Lane.BeginFrame();
        try
        {
            ReadOnlySpan<byte> bytes = frame.WrittenSpan;
            output.Write(bytes[..FrameHeader.ActionHashOffset]);
            BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), hash);
            output.Advance(sizeof(ulong));
            output.Write(bytes[(FrameHeader.ActionHashOffset + sizeof(ulong))..]);
        }
        catch
        {
            route.Lane.AbortFrame();
            throw;
        }

        return route.Lane.CommitFrameAsync(timeout, cancellationToken);
    }
}

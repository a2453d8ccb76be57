using System.Buffers;
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
    public static ValueTask<long> WriteCopy(OutboundRoute route, PooledBufferWriter frame, TimeSpan timeout, CancellationToken cancellationToken)
    {
        IBufferWriter<byte> output = route.Lane.BeginFrame();
        try
        {
            output.Write(frame.WrittenSpan);
        }
        catch
        {
            route.Lane.AbortFrame();
            throw;
        }

        return route.Lane.CommitFrameAsync(timeout, cancellationToken);
    }
}

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>What a test does with a frame.</summary>
public delegate FrameDisposition FrameDelegate(scoped in InboundFrame frame);

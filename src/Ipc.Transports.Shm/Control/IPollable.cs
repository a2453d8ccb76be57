using Ipc.Transports.Interop;

namespace Ipc.Transports.Control;

/// <summary>A descriptor that the control thread watches. Every member is used on that thread only.</summary>
internal interface IPollable
{
    /// <summary>What is watched.</summary>
    FileDescriptor Descriptor { get; }

    /// <summary>For what (poll(2)).</summary>
    short Events { get; }

    /// <summary>When <see cref="OnDue"/> is to be called, as a <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/> is never.</summary>
    long DueAt { get; }

    /// <summary>The descriptor is ready.</summary>
    void OnReady(short events);

    /// <summary>Its time has come.</summary>
    void OnDue();

    /// <summary>Something that belongs to it threw: it is to be closed.</summary>
    void OnError(Exception error);
}

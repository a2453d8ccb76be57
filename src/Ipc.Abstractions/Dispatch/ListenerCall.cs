using Ipc.Serialization;

namespace Ipc.Dispatch;

/// <summary>What a descriptor needs to decode one message and call its listener.</summary>
public readonly ref struct ListenerCall
{
    /// <summary>The MessagePack body; valid until <see cref="ListenerDescriptor.InvokeAsync"/> returns or <see cref="Gate"/> is entered.</summary>
    public required ReadOnlySpan<byte> Body { get; init; }

    /// <summary>What the listener is told about the message.</summary>
    public required MessageContext Context { get; init; }

    /// <summary>The message's scope, or the root provider for a singleton listener.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>The one instance of a singleton listener; <see langword="null"/> makes a new one from <see cref="Services"/>.</summary>
    public object? Singleton { get; init; }

    /// <summary>Whether filters are registered; they are made from <see cref="Services"/>, which is user code, so not before the gate.</summary>
    public bool HasFilters { get; init; }

    /// <summary>Told when decoding has ended; may be <see langword="null"/>.</summary>
    public IUserCodeGate? Gate { get; init; }

    /// <summary>Lends parts of <see cref="Body"/> to the message, until its listener has ended; <see langword="null"/> copies them.</summary>
    public MessageBytesOwner? Bytes { get; init; }

    /// <summary>Takes the answer; <see langword="null"/> drops it.</summary>
    public IAnswerSink? Answer { get; init; }

    /// <summary>The listener's token.</summary>
    public CancellationToken CancellationToken { get; init; }
}

using System.Diagnostics.CodeAnalysis;

namespace Ipc;

/// <summary>What one peer said to a request that went to several.</summary>
/// <typeparam name="TResponse">The type of the answer.</typeparam>
public readonly struct PeerAnswer<TResponse>
{
    private readonly TResponse? _value;

    /// <summary>Makes an answer.</summary>
    /// <param name="peer">Who answered.</param>
    /// <param name="value">The answer.</param>
    public PeerAnswer(PeerId peer, TResponse value)
    {
        Peer = peer;
        _value = value;
    }

    /// <summary>Makes a failure.</summary>
    /// <param name="peer">Who failed.</param>
    /// <param name="error">Why.</param>
    public PeerAnswer(PeerId peer, Exception error)
    {
        Peer = peer;
        Error = error;
    }

    /// <summary>Who answered or failed.</summary>
    public PeerId Peer { get; }

    /// <summary>Why there is no answer; <see langword="null"/> when there is one.</summary>
    public Exception? Error { get; }

    /// <summary>Whether <see cref="Value"/> can be read.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>The answer.</summary>
    /// <exception cref="Exception">The peer failed; the same object as <see cref="Error"/>, usually an <see cref="IpcException"/>.</exception>
    public TResponse Value => Error is null ? _value! : throw Error;
}

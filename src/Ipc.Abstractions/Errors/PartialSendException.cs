namespace Ipc;

/// <summary>A message went to several targets and some of them could not take it. The others have it.</summary>
public sealed class PartialSendException : IpcException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="action">The message's action.</param>
    /// <param name="delivered">How many targets have the message.</param>
    /// <param name="failures">Who has not, and why; at least one.</param>
    public PartialSendException(string action, int delivered, IReadOnlyList<SendFailure> failures)
        : base(IpcError.PartialSend, Describe(action, delivered, failures), failures.Count == 0 ? null : failures[0].Error)
    {
        Delivered = delivered;
        Failures = failures;
    }

    /// <summary>How many targets have the message.</summary>
    public int Delivered { get; }

    /// <summary>Who has not, and why.</summary>
    public IReadOnlyList<SendFailure> Failures { get; }

    private static string Describe(string action, int delivered, IReadOnlyList<SendFailure> failures)
    {
        ArgumentNullException.ThrowIfNull(failures);
        return $"\"{action}\" reached {delivered} of {delivered + failures.Count} targets. Not reached: "
            + string.Join("; ", failures.Select(f => $"{f.Peer} ({f.Error.Reason}: {f.Error.Message})"));
    }
}

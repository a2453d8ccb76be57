namespace Ipc.Transports;

/// <summary>A call that waits for its answer.</summary>
public interface IAnswerWaiter
{
    /// <summary>Whether the answer has come.</summary>
    bool IsAnswered { get; }
}

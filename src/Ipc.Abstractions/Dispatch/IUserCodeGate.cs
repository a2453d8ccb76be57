namespace Ipc.Dispatch;

/// <summary>Told when a message has been decoded and its listener's own code begins, so that the reading of other messages can be handed over when that code blocks.</summary>
public interface IUserCodeGate
{
    /// <summary>The message's bytes, but for those that were lent, are no longer needed; what follows is the user's code.</summary>
    void EnterUserCode();
}

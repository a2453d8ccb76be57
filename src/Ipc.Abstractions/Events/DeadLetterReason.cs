namespace Ipc;

/// <summary>Why a message was set aside. The numbers are part of the wire.</summary>
public enum DeadLetterReason
{
    /// <summary>Its process died as often as <see cref="ListenerAttribute.MaxDeliveries"/> allows.</summary>
    MaxDeliveries = 1,

    /// <summary>The successor, another version of the program, has no listener for it.</summary>
    NoListener = 2,

    /// <summary>The successor, another version of the program, has a listener for it that does not ask for <see cref="ListenerAttribute.Redelivery"/>.</summary>
    NoRedelivery = 3,

    /// <summary>The listener of a queue threw, or could not read it.</summary>
    ListenerFailed = 4,

    /// <summary>Nobody had subscribed to its queue any more when it was to be delivered again, or its publisher stopped meanwhile.</summary>
    NoSubscriber = 5,
}

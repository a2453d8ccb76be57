namespace Ipc;

/// <summary>How long one instance of a listener lives.</summary>
public enum ListenerLifetime
{
    /// <summary>One instance per message, in a dependency injection scope of its own that ends with the message.</summary>
    Scoped = 0,

    /// <summary>One instance per process and action, made from the root provider at the first message; must be safe for concurrent use.</summary>
    Singleton = 1,
}

namespace Ipc;

/// <summary>The rest of a chain of filters, with the listener at its end.</summary>
/// <param name="invocation">The message and what is known about it.</param>
public delegate ValueTask ListenerDelegate(ListenerInvocation invocation);

namespace Ipc.Messaging;

/// <summary>One call of <c>AddIpcExceptionMapping</c>.</summary>
/// <param name="TypeName">Full name of the exception's type where it is thrown.</param>
/// <param name="Create">Makes what is thrown here.</param>
internal sealed record ExceptionMapping(string TypeName, Func<RemoteException, Exception> Create);

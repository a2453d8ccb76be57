namespace Ipc;

/// <summary>
/// Makes an interface a contract: the generator writes a proxy that calls it in another process, and what calls it there. Registered with <c>AddIpcService</c> where it runs and with
/// <c>AddIpcProxy</c> where it is used.
/// </summary>
/// <param name="name">
/// The contract's name, of which the actions of its methods are made: <c>calc</c> gives <c>calc.AddAsync</c>. <see langword="null"/> takes the interface's own, without its namespace.
/// </param>
/// <remarks>
/// Methods return <see cref="Task"/>, <see cref="ValueTask"/>, either of them with a result, or <see cref="IAsyncEnumerable{T}"/>. They take what a message's members may be, at most
/// one <see cref="CancellationToken"/>, which is signalled in the other process, and at most one <see cref="IAsyncEnumerable{T}"/>. Methods with a body stay where they are called.
/// </remarks>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class IpcServiceAttribute(string? name = null) : Attribute
{
    /// <summary>The contract's name, or <see langword="null"/> for the interface's own.</summary>
    public string? Name { get; } = name;

    /// <summary>Whether clients, programs that joined through the endpoint, may call it. Default <see langword="false"/>: they get <see cref="IpcError.NotAllowed"/>.</summary>
    public bool AllowClients { get; set; }
}

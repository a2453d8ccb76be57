namespace Ipc.Generators.Contracts.Model;

/// <summary>How a parameter of a contract's method travels.</summary>
internal enum ContractParameterRole
{
    /// <summary>As a member of the request.</summary>
    Value,

    /// <summary>The cancellation token: not at all; that it is signalled is another message.</summary>
    Token,

    /// <summary>An <c>IAsyncEnumerable</c>: as the stream of the request.</summary>
    Items,
}

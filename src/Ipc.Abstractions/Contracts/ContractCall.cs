using System.ComponentModel;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>A method of a contract as a request: for callers that know it by name only. Immutable.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ContractCall
{
    internal ContractCall(string action, MessageSerializer request, MessageSerializer? response)
    {
        Action = action;
        Request = request;
        Response = response;
    }

    /// <summary>Its action, for example <c>ICalculator.AddAsync</c>.</summary>
    public string Action { get; }

    /// <summary>Writes and reads its parameters.</summary>
    public MessageSerializer Request { get; }

    /// <summary>Writes and reads its result; <see langword="null"/> where the method gives or takes a stream, which no plain request can.</summary>
    public MessageSerializer? Response { get; }
}

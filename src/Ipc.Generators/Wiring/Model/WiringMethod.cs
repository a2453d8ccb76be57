namespace Ipc.Generators.Wiring.Model;

/// <summary>One of the hand-written methods whose calls are intercepted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ReceiverType">The type of its first parameter.</param>
/// <param name="ConfigureType">The type of its parameter for code that sets options.</param>
/// <param name="ReturnType">What it returns.</param>
/// <param name="TableType">The type of the parameter that hands a table over, in the explicit form.</param>
/// <param name="OnBuilder">Whether the receiver is a host builder, whose services are meant.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record WiringMethod(string Name, string ReceiverType, string ConfigureType, string ReturnType, string? TableType, bool OnBuilder)
{
    /// <summary>Whether the whole cluster runs in this process.</summary>
    public bool InProcess => Name == WiringSymbols.AddWorkersInProcess;

    /// <summary>The method that an intercepted call arrives at.</summary>
    public string Entry => InProcess ? WiringSymbols.AddWorkers : Name;

    /// <summary>Whether the program is a client: it starts no workers, and gives back what it was called on.</summary>
    public bool IsClient => Name is WiringSymbols.AddClient or WiringSymbols.AddEndpoint;
}

namespace Ipc.Generators.Contracts.Model;

/// <summary>One parameter of a contract's method.</summary>
/// <param name="Name">Its name, not escaped.</param>
/// <param name="Type">Its type in emitted code.</param>
/// <param name="Role">How it travels.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record ContractParameterModel(string Name, string Type, ContractParameterRole Role);

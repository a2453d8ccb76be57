using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Contracts.Model;

/// <summary>Everything that is emitted for one contract.</summary>
/// <param name="FullName">The interface's metadata name, for sorting and hint names.</param>
/// <param name="Type">The interface in emitted code.</param>
/// <param name="Name">The contract's name.</param>
/// <param name="Namespace">The namespace of what is emitted.</param>
/// <param name="Class">The class around what is emitted.</param>
/// <param name="Methods">Its methods, those of the interfaces that it inherits behind its own.</param>
/// <param name="Bare">Results and items that are no messages and have no serializer yet.</param>
/// <param name="AllowClients">Whether clients may call it.</param>
/// <remarks>Equality: by all values, item by item; no symbol, syntax or location is held.</remarks>
internal sealed record ContractModel(
    string FullName, string Type, string Name, string Namespace, string Class, EquatableArray<ContractMethodModel> Methods, EquatableArray<ValueModel> Bare, bool AllowClients)
{
    /// <summary>The expression of its row in the assembly's table.</summary>
    public string Descriptor => $"global::{Namespace}.{Class}.Descriptor";
}

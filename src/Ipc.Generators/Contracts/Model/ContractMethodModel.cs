using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Contracts.Model;

/// <summary>One method of a contract.</summary>
/// <param name="Interface">The interface that declares it, in emitted code.</param>
/// <param name="Name">Its name, not escaped.</param>
/// <param name="ReturnType">What it returns, in emitted code.</param>
/// <param name="Shape">How the call runs.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Request">The message that its parameters are.</param>
/// <param name="RequestClass">That message's name inside the contract's class.</param>
/// <param name="Result">Its result's type in emitted code, or its items'; <see langword="null"/> for none.</param>
/// <param name="ResultSerializer">The expression of that type's serializer; <see langword="null"/> for no result.</param>
/// <param name="Item">The type in emitted code of the items that it takes; <see langword="null"/> for none.</param>
/// <param name="ItemSerializer">The expression of that type's serializer; <see langword="null"/> for no items.</param>
/// <remarks>Equality: by all values, item by item.</remarks>
internal sealed record ContractMethodModel(
    string Interface,
    string Name,
    string ReturnType,
    ContractMethodShape Shape,
    EquatableArray<ContractParameterModel> Parameters,
    MessageModel Request,
    string RequestClass,
    string? Result,
    string? ResultSerializer,
    string? Item,
    string? ItemSerializer);

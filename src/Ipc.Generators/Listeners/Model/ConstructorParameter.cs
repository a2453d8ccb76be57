namespace Ipc.Generators.Listeners.Model;

/// <summary>One parameter of a listener's constructor.</summary>
/// <param name="Type">Its type, without a nullable annotation.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="Key">The literal of the key, for keyed services.</param>
/// <param name="Default">The literal of the default value, for optional parameters.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record ConstructorParameter(string Type, ParameterSource Source, string? Key, string? Default);

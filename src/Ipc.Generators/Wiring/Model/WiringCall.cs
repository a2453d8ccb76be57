namespace Ipc.Generators.Wiring.Model;

/// <summary>One call that is intercepted.</summary>
/// <param name="Method">Which method is called.</param>
/// <param name="Attribute">The attribute that names the call's place, as the compiler writes it.</param>
/// <param name="Place">File and line for the reader of emitted code.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record WiringCall(WiringMethod Method, string Attribute, string Place);

using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <summary>What becomes of a type, all that it needs taken together.</summary>
/// <param name="model">What to emit; <see langword="null"/> when nothing can be.</param>
/// <param name="diagnostics">What is wrong with it; when there is something, the model is a refusal.</param>
/// <param name="cause">The error, of its own or of a type that it needs, for which it cannot travel.</param>
/// <param name="foreign">The types with MessagePack-CSharp's attributes that it reaches, itself included.</param>
internal sealed class MessageVerdict(
    MessageModel? model, IReadOnlyList<Diagnostic> diagnostics, Diagnostic? cause, IReadOnlyList<INamedTypeSymbol> foreign)
{
    public MessageModel? Model { get; } = model;

    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;

    public Diagnostic? Cause { get; } = cause;

    public IReadOnlyList<INamedTypeSymbol> Foreign { get; } = foreign;
}

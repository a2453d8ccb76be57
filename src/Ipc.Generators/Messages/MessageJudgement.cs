using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <summary>What one type says of itself; whether the types that it needs can travel is another question.</summary>
/// <param name="model">What to emit, its needs taken for granted; <see langword="null"/> when nothing can be emitted whatever its members are.</param>
/// <param name="diagnostics">What is wrong with it.</param>
/// <param name="needs">The types without a serializer of their own that it needs.</param>
internal sealed class MessageJudgement(MessageModel? model, IReadOnlyList<Diagnostic> diagnostics, IReadOnlyList<MessageNeed> needs)
{
    public MessageModel? Model { get; } = model;

    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;

    public IReadOnlyList<MessageNeed> Needs { get; } = needs;
}

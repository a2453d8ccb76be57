using Ipc.Serialization;

namespace Ipc.JsonLines;

/// <summary>What an action takes and answers.</summary>
/// <param name="Action">Its name.</param>
/// <param name="Request">The message.</param>
/// <param name="Response">The answer; <see langword="null"/> where streams belong to it.</param>
internal sealed record MethodShape(string Action, MessageShape Request, MessageShape? Response);

namespace Ipc.JsonLines;

/// <summary>What a reader of lines has found.</summary>
/// <param name="Kind">Whether it is a line.</param>
/// <param name="Bytes">The line without its end, valid until the next one is read.</param>
internal readonly record struct JsonLine(JsonLineKind Kind, ReadOnlyMemory<byte> Bytes);

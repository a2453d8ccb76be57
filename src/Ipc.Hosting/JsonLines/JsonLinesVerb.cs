namespace Ipc.JsonLines;

/// <summary>What a line can ask for.</summary>
internal enum JsonLinesVerb
{
    /// <summary>To be known under a name, and to be sent messages.</summary>
    Register,

    /// <summary>A message that has no answer.</summary>
    Action,

    /// <summary>A request.</summary>
    Method,
}

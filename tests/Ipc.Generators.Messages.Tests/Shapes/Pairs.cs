namespace Ipc.Generators.Messages.Tests.Shapes;

/// <summary>A dictionary whose keys have no text form.</summary>
[Message]
public partial record Pairs(Dictionary<double, Pairs>? Items);

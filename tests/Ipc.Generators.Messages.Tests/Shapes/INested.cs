namespace Ipc.Generators.Messages.Tests.Shapes;

/// <summary>A union that may contain itself.</summary>
[Message]
[Union(0, typeof(Nested))]
public partial interface INested;

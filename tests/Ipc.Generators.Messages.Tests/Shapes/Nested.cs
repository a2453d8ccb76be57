namespace Ipc.Generators.Messages.Tests.Shapes;

[Message]
public partial record Nested(INested? Inner) : INested;

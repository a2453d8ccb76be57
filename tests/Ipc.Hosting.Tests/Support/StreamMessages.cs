namespace Ipc.Hosting.Tests;

[Message("test.import")]
public partial record Import(string Name);

[Message("test.import.sum")]
public partial record ImportSum(int Limit) : IRequestMessage<string>;

[Message("test.export")]
public partial record Export(int Bytes, string End);

[Message("test.asked")]
public partial record Asked : IRequestMessage<string>;

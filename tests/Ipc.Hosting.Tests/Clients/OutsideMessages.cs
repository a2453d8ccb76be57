namespace Ipc.Hosting.Tests.Clients;

/// <summary>Messages of the test program as another program has them: of their own types, and with the members that it knows.</summary>
[Message("app.who")]
public partial record OutsideWho(string Variable = "") : IRequestMessage<OutsideIdentity>;

[Message]
public partial record OutsideIdentity(int ProcessId, int ParentId, string Group, int WorkerId, int Incarnation);

[Message("app.sleep")]
public partial record OutsideSleep(int Milliseconds, string MarkerFile) : IRequestMessage<string>;

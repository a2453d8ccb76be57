namespace Ipc.Hosting.Tests;

[Message("test.note")]
public partial record Note(string Text);

[Message("test.double")]
public partial record Double(int Number) : IRequestMessage<Doubled>;

[Message]
public partial record Doubled(int Number, int WorkerId);

[Message("test.fail")]
public partial record Fail(string Reason) : IRequestMessage<string>;

[Message("test.slow")]
public partial record Slow(string Name) : IRequestMessage<string>;

[Message("test.ordered")]
public partial record struct Ordered(int Number);

[Message("test.hand")]
public partial record ByHand(string Question);

[Message("test.hand.answer")]
public partial record ByHandAnswer(string Text);

[Message("test.unheard")]
public partial record Unheard(string Text) : IRequestMessage<string>;

[Message("test.supervisor")]
public partial record ForSupervisor(string Text);

[Message("test.priority")]
public partial record Prioritised(string Text);

[Message("test.headers")]
public partial record WithHeaders(string Key) : IRequestMessage<string>;

[Message("test.scope")]
public partial record CountScopes : IRequestMessage<string>;

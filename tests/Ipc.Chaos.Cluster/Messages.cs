namespace Ipc.Chaos.Cluster;

/// <summary>One-way; its listener ends at once, on the reader's thread.</summary>
[Message("quick")]
internal sealed partial record Quick(int Number, byte[] Payload);

/// <summary>One-way; its listener awaits, so that others wait behind it.</summary>
[Message("later")]
internal sealed partial record Later(int Number, byte[] Payload);

/// <summary>One-way; its listener blocks its thread, so that the reading is handed over.</summary>
[Message("block")]
internal sealed partial record Block(int Number, byte[] Payload);

/// <summary>One-way; larger than half a ring, so that it goes in pieces.</summary>
[Message("big")]
internal sealed partial record Big(int Number, byte[] Payload);

/// <summary>A request that is answered at once.</summary>
[Message("ask")]
internal sealed partial record Ask(int Number, byte[] Payload) : IRequestMessage<Answer>;

/// <summary>A request that is answered after a while.</summary>
[Message("asklater")]
internal sealed partial record AskLater(int Number, byte[] Payload) : IRequestMessage<Answer>;

/// <summary>Who answered, and what it was asked.</summary>
[Message]
internal sealed partial record Answer(string Asker, int Number, string Answerer);

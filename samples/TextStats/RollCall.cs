using Ipc;

namespace TextStats;

/// <summary>Asks every worker for its number.</summary>
[Message("textstats.roll-call")]
internal sealed partial record RollCall : IRequestMessage<int>;

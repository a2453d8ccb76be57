namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>One call of <see cref="ISupervisorEvents.OnMessagesLost"/>.</summary>
public sealed record LostNews(PeerId Worker, PeerId Sender, string? Action, long Count, string Reason);

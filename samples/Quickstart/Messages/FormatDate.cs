using Ipc;

namespace Quickstart.Messages;

/// <summary>Asks for a date as text. <see cref="IRequestMessage{TResponse}"/> says what the answer is.</summary>
/// <param name="Date">The date.</param>
/// <param name="Format">A .NET format.</param>
[Message("date.format")]
internal sealed partial record FormatDate(DateTimeOffset Date, string Format) : IRequestMessage<string>;

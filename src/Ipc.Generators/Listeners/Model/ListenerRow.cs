using Ipc.Generators.Common;

namespace Ipc.Generators.Listeners.Model;

/// <summary>One event of a listener class.</summary>
/// <param name="EventName">The whole event.</param>
/// <param name="Message">What the listener takes.</param>
/// <param name="MessageSerializer">The expression that gives the message's serializer.</param>
/// <param name="Response">What it answers; <see langword="null"/> for a listener that does not answer.</param>
/// <param name="ResponseSerializer">The expression that gives the answer's serializer.</param>
/// <param name="Priority">The highest runs first.</param>
/// <param name="RunsIn">The flags of <c>ListenerPlaces</c>.</param>
/// <param name="Singleton">Whether one instance serves the whole process.</param>
/// <param name="Concurrent">Whether messages of one sender may overlap.</param>
/// <param name="MaxDeliveries">How often a message is given to it at most; 0 without redelivery.</param>
/// <param name="AllowClients">Whether clients may send to it.</param>
/// <param name="Queue">The queue of a subscription; <see langword="null"/> without one.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record ListenerRow(
    string EventName,
    TypeRef Message,
    string MessageSerializer,
    TypeRef? Response,
    string? ResponseSerializer,
    int Priority,
    int RunsIn,
    bool Singleton,
    bool Concurrent,
    int MaxDeliveries,
    bool AllowClients,
    string? Queue);

namespace Ipc.Hosting.TelemetryApp;

/// <summary>Asks for a price elsewhere, and sends word.</summary>
[Message("shop.order")]
public partial record Order(int Number) : IRequestMessage<string>;

[Message("shop.price")]
public partial record Price(int Number) : IRequestMessage<int>;

/// <summary>One way: its listener tells the supervisor.</summary>
[Message("shop.placed")]
public partial record Placed(int Number, bool Busy);

[Message("shop.seen")]
public partial record Seen(int Number, int ProcessId);

/// <summary>Its listener throws.</summary>
[Message("shop.refused")]
public partial record Refused : IRequestMessage<int>;

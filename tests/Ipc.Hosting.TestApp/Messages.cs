namespace Ipc.Hosting.TestApp;

[Message("app.who")]
public partial record WhoAreYou(string Variable = "") : IRequestMessage<Identity>;

[Message]
public partial record Identity(
    int ProcessId, int ParentId, string Group, int WorkerId, int Incarnation, string WorkerService, string Variable, string RoleVariable, string[] Arguments, string Folder);

[Message("app.health")]
public partial record HowAreYou : IRequestMessage<string>;

[Message("app.relay")]
public partial record Relay(int To) : IRequestMessage<Identity>;

[Message("app.append")]
public partial record Append(string File, string Line, int DelayMilliseconds);

[Message("app.sleep")]
public partial record Sleep(int Milliseconds, string MarkerFile) : IRequestMessage<string>;

[Message("app.spin")]
public partial record Spin(string File, int Number);

[Message("app.block")]
public partial record Block(int Milliseconds) : IRequestMessage<string>;

[Message("app.end")]
public partial record EndYourself(string How);

[Message("app.fragile")]
public partial record Fragile(string File, int Number, string How);

[Message("app.big")]
public partial record Big(byte[] Bytes) : IRequestMessage<long>;

/// <summary>Appends a line and blocks its thread.</summary>
[Message("app.press")]
public partial record Press(string File, string Line, int BlockMilliseconds);

[Message("app.circle")]
public partial record Circle(int[] Path) : IRequestMessage<string>;

/// <summary>Prints or logs a text; <c>last</c> prints it without a line feed and kills the process.</summary>
[Message("app.say")]
public partial record Say(string How, string Text);

/// <summary>Runs a shell command that goes on; the answer is what it has printed.</summary>
[Message("app.spawn")]
public partial record Spawn(string Command) : IRequestMessage<string>;

/// <summary>Hold so many bytes for ever.</summary>
[Message("app.grow")]
public partial record Grow(int Bytes);

/// <summary>Sends a text to a client.</summary>
[Message("app.tell")]
public partial record Tell(string Client, string Text);

[Message("app.told")]
public partial record Told(string Text);

namespace Ipc.Hosting.TestApp;

[Message("app.upload")]
public partial record Upload(string Marker) : IRequestMessage<UploadResult>;

[Message]
public partial record UploadResult(int ProcessId, long Bytes, string Hash, long MostBuffered, long Heap);

[Message("app.download")]
public partial record Download(long Bytes, string Marker);

[Message("app.pass-on")]
public partial record PassOn(int To, string Marker);

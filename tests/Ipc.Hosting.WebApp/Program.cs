using Ipc;
using Ipc.Hosting.WebApp;

// An ordinary web application that only calls AddIpcWorkers(): the supervisor serves HTTP, the workers never open the port.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddIpcWorkers();
WebApplication app = builder.Build();

app.MapGet("/pid", () => $"{Environment.ProcessId}");
app.MapGet("/worker/{id:int}", async (int id, IMessageSender sender) => await sender.RequestAsync(new WhichProcess(), Target.Worker(id)));
app.MapGet("/workers", async (IMessageSender sender) =>
{
    var ids = new List<int>();
    await foreach (PeerAnswer<int> answer in sender.RequestAllAsync(new WhichProcess()))
    {
        ids.Add(answer.Value);
    }

    return ids;
});
app.Run();

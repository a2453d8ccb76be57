using Ipc.Hosting.TestApp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A worker program of its own: the test program's group "native" runs it.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.AddIpcWorkers();
builder.Services.AddSingleton(new WorkerOnly("another program"));
await builder.Build().RunAsync();

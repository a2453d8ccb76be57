using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Top-level statements, as most programs have them; a test runs them.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.AddIpcWorkers(o => o.Workers.Count = 2);
Seen = builder.Services;

/// <summary>The class that the compiler puts the statements above into.</summary>
internal sealed partial class Program
{
    public static IServiceCollection? Seen { get; private set; }
}

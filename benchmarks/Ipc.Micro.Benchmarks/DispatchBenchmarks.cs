using BenchmarkDotNet.Attributes;
using Ipc.Dispatch;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Micro.Benchmarks;

/// <summary>The dispatch table: from an action's hash to its listener, and from a body in memory through a listener.</summary>
public class DispatchBenchmarks : IDisposable
{
    private static readonly ulong SingletonHash = ActionHash.Compute("micro.singleton");
    private static readonly ulong ScopedHash = ActionHash.Compute("micro.scoped");

    private readonly ListenerRegistry _registry =
        ListenerRegistry.Create([new IpcWiringOptions { Table = GeneratedIpcListeners.Instance }], ListenerPlaces.Workers);

    private readonly ServiceProvider _services;
    private readonly DiscardedAnswers _answers = new();
    private readonly MessageContext _context = new("micro.singleton", PeerId.Supervisor);
    private readonly SingletonListener _singleton = new();
    private readonly byte[] _body;

    public DispatchBenchmarks()
    {
        var services = new ServiceCollection();
        services.AddScoped<Dependency>();
        services.AddIpcWorkers(); // as in a program; no host starts it
        _services = services.BuildServiceProvider();
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new Serialization.MessagePackWriter(output);
        Serialization.MessageSerializer.Of<ToSingleton>().Write(ref writer, new ToSingleton(1, 2));
        writer.Flush();
        _body = output.WrittenSpan.ToArray();
    }

    [Benchmark]
    public string FindListener() => _registry.TryGet(SingletonHash, out ActionEntry? entry) ? entry.Action : "";

    [Benchmark]
    public bool DecodeAndCallSingleton() => Call(SingletonHash, _services, _singleton);

    [Benchmark]
    public bool DecodeAndCallScoped()
    {
        using IServiceScope scope = _services.CreateScope();
        return Call(ScopedHash, scope.ServiceProvider, null);
    }

    public void Dispose()
    {
        _services.Dispose();
        GC.SuppressFinalize(this);
    }

    private bool Call(ulong hash, IServiceProvider services, object? singleton)
    {
        _registry.TryGet(hash, out ActionEntry? entry);
        ValueTask running = entry!.Listeners[0].InvokeAsync(new ListenerCall
        {
            Body = _body,
            Context = _context,
            Services = services,
            Singleton = singleton,
            Answer = _answers,
        });
        return running.IsCompletedSuccessfully;
    }
}

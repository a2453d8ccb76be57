using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace Ipc.InProcess;

/// <summary>One in-process worker: its service provider and its hosted services, started and stopped in the order that a host keeps.</summary>
internal sealed class InProcessWorkerHost(IpcRegistration registration, InProcessWorker worker) : IAsyncDisposable
{
    private ServiceProvider? _provider;
    private IHostedService[] _services = [];
    private bool _stopped;
    private bool _started;
    private bool _ready;

    public PeerId Id => worker.Id;

    /// <summary>Whether every hosted service has started.</summary>
    public bool IsStarted => Volatile.Read(ref _started);

    /// <summary>Whether it has said, besides, that it is ready.</summary>
    public bool IsReady => Volatile.Read(ref _ready);

    /// <summary>Completes when it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = registration.CopyFor(worker).BuildServiceProvider();
        _services = [.. _provider.GetServices<IHostedService>()];
        foreach (IHostedLifecycleService service in _services.OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (IHostedService service in _services)
        {
            await service.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (IHostedLifecycleService service in _services.OfType<IHostedLifecycleService>())
        {
            await service.StartedAsync(cancellationToken).ConfigureAwait(false);
        }

        Volatile.Write(ref _started, true);
        (_provider.GetService<IHostApplicationLifetime>() as ApplicationLifetime)?.NotifyStarted();
        await _provider.GetRequiredService<ClusterService>().WhenReady.WaitAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _ready, true);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped || _provider is null)
        {
            return;
        }

        _stopped = true;
        var lifetime = _provider.GetService<IHostApplicationLifetime>() as ApplicationLifetime;
        lifetime?.StopApplication();
        IHostedService[] reversed = [.. _services.Reverse()];
        var errors = new List<Exception>();
        await ForEachAsync(reversed.OfType<IHostedLifecycleService>(), s => s.StoppingAsync(cancellationToken), errors).ConfigureAwait(false);
        await ForEachAsync(reversed, s => s.StopAsync(cancellationToken), errors).ConfigureAwait(false);
        await ForEachAsync(reversed.OfType<IHostedLifecycleService>(), s => s.StoppedAsync(cancellationToken), errors).ConfigureAwait(false);
        lifetime?.NotifyStopped();
        if (errors.Count > 0)
        {
            throw new AggregateException($"Hosted services of {worker.Id} failed to stop.", errors);
        }
    }

    /// <summary>As a host does: a service that fails to stop does not keep the others from stopping.</summary>
    private static async Task ForEachAsync<T>(IEnumerable<T> services, Func<T, Task> action, List<Exception> errors)
    {
        foreach (T service in services)
        {
            try
            {
                await action(service).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                errors.Add(e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_provider is { } provider)
        {
            _provider = null;
            await provider.DisposeAsync().ConfigureAwait(false);
        }
    }
}

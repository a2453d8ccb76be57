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

        (_provider.GetService<IHostApplicationLifetime>() as ApplicationLifetime)?.NotifyStarted();
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
        foreach (IHostedLifecycleService service in reversed.OfType<IHostedLifecycleService>())
        {
            await service.StoppingAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (IHostedService service in reversed)
        {
            await service.StopAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (IHostedLifecycleService service in reversed.OfType<IHostedLifecycleService>())
        {
            await service.StoppedAsync(cancellationToken).ConfigureAwait(false);
        }

        lifetime?.NotifyStopped();
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

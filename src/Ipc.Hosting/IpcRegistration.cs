using Ipc.Dispatch;
using Ipc.InProcess;
using Ipc.Processes;
using Ipc.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc;

/// <summary>All that calls of <c>AddIpcWorkers</c> and its builder said, for one service collection.</summary>
internal sealed class IpcRegistration
{
    private readonly List<RoleServices> _roleServices = [];
    private readonly List<ServiceDescriptor> _ownRoleDescriptors = [];

    public IpcRegistration(IServiceCollection services, PeerId self, WorkerIdentity? identity, bool isSecondHostOfWorker)
    {
        Services = services;
        Self = self;
        Identity = identity;
        IsSecondHostOfWorker = isSecondHostOfWorker;
    }

    /// <summary>The collection itself, from which an in-process cluster builds the provider of each worker; of such a worker its own.</summary>
    public IServiceCollection Services { get; }

    public PeerId Self { get; }

    /// <summary>Whether this client makes the endpoint that it joins.</summary>
    public bool HostsEndpoint { get; set; }

    /// <summary>What the supervisor told this process; <see langword="null"/> unless it is a worker.</summary>
    public WorkerIdentity? Identity { get; }

    /// <summary>What this worker process has been told by the system; <see langword="null"/> unless it is a worker's process.</summary>
    public TerminationSignal? Termination { get; init; }

    /// <summary>Whether another host of this worker process is the worker already.</summary>
    public bool IsSecondHostOfWorker { get; }

    /// <summary>The in-process cluster that this peer is a worker of, if it is.</summary>
    public InProcessWorker? InProcessWorker { get; private init; }

    /// <summary>Whether this worker is ready only when its own code says so.</summary>
    public bool WaitsForReady => Identity?.WaitsForReady ?? InProcessWorker?.WaitsForReady ?? false;

    public List<IpcWiringOptions> Wirings { get; private init; } = [];

    public List<Func<IServiceProvider, CancellationToken, Task>> BeforeWorkers { get; } = [];

    /// <summary>The groups that have services of their own, in the order of the calls.</summary>
    public IEnumerable<string> NamedGroups => _roleServices.Where(e => e.Group is not null).Select(e => e.Group!);

    /// <summary>Applies at once what belongs to this process, and remembers all for in-process workers.</summary>
    public void AddRoleServices(IServiceCollection services, RoleServices entry)
    {
        _roleServices.Add(entry);
        if (entry.AppliesTo(Self))
        {
            var before = new HashSet<ServiceDescriptor>(services, ReferenceEqualityComparer.Instance);
            entry.Configure(services);
            _ownRoleDescriptors.AddRange(services.Where(d => !before.Contains(d)));
        }
    }

    /// <summary>Registers what exists in workers only, after everything else that the call of <c>AddIpcWorkers</c> registers.</summary>
    public void AddWorkerServices(IServiceCollection services, IpcWiringOptions wiring)
    {
        if (Self.Kind == PeerKind.Worker)
        {
            wiring.WorkerServices?.Invoke(services);
        }
    }

    /// <summary>The same registrations with the role of an in-process worker.</summary>
    public ServiceCollection CopyFor(InProcessWorker worker)
    {
        var services = new ServiceCollection();
        var copy = new IpcRegistration(services, worker.Id, null, false) { Wirings = Wirings, InProcessWorker = worker };
        var own = new HashSet<ServiceDescriptor>(_ownRoleDescriptors, ReferenceEqualityComparer.Instance);
        foreach (ServiceDescriptor descriptor in Services)
        {
            if (own.Contains(descriptor))
            {
                continue;
            }

            ((ICollection<ServiceDescriptor>)services).Add(
                descriptor.ServiceType == typeof(IpcRegistration) ? ServiceDescriptor.Singleton(copy) : descriptor);
        }

        foreach (RoleServices entry in _roleServices.Where(e => e.AppliesTo(worker.Id)))
        {
            entry.Configure(services);
        }

        foreach (IpcWiringOptions wiring in Wirings)
        {
            copy.AddWorkerServices(services, wiring);
        }

        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Ipc;

/// <summary>Registrations that exist in one kind of process only.</summary>
/// <param name="Kind">Supervisor or worker.</param>
/// <param name="Group">The workers' group; <see langword="null"/> for all.</param>
/// <param name="Configure">Adds them.</param>
internal sealed record RoleServices(PeerKind Kind, string? Group, Action<IServiceCollection> Configure)
{
    public bool AppliesTo(PeerId id) =>
        id.Kind == Kind && (Group is null || string.Equals(Group, id.Group, StringComparison.Ordinal));
}

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A module's own extension, in the namespace where such extensions live.</summary>
internal static class ModuleServiceCollectionExtensions
{
    public static IServiceCollection AddModule(this IServiceCollection services)
    {
        services.AddIpcWorkers();
        return services;
    }
}

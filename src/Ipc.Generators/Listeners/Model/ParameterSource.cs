namespace Ipc.Generators.Listeners.Model;

/// <summary>Where the value of a constructor's parameter comes from.</summary>
internal enum ParameterSource
{
    /// <summary>A service.</summary>
    Service,

    /// <summary>A service under a key.</summary>
    KeyedService,

    /// <summary>The scope's provider itself.</summary>
    Provider,
}

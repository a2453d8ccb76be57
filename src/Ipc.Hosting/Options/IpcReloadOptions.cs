namespace Ipc;

/// <summary>How the workers of a group are replaced while they work: a successor is started beside each, and takes over when it is sound.</summary>
public sealed class IpcReloadOptions
{
    /// <summary>How many workers are replaced at a time, 1 to 1024; so many processes run beside the others meanwhile. Default 1.</summary>
    public int Concurrency { get; set; } = 1;

    /// <summary>How long a successor has to stay alive, once it is ready, before it takes over; zero trusts it at once. Default 1 second.</summary>
    public TimeSpan Probation { get; set; } = TimeSpan.FromSeconds(1);
}

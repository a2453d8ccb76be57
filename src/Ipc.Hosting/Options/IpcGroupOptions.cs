namespace Ipc;

/// <summary>One group of workers.</summary>
public sealed class IpcGroupOptions
{
    /// <summary>
    /// How many workers, 0 to 1024. Default: the cores that this process may use (a cgroup's limit respected), at most 4 in the Development environment.
    /// </summary>
    public int? Count { get; set; }

    /// <summary>
    /// The program that the group's workers run: a file name, looked for beside this program and under <c>workers/&lt;group&gt;/</c>, or a full path.
    /// Default: this program again, with its own arguments.
    /// </summary>
    public string? Program { get; set; }

    /// <summary>Arguments for <see cref="Program"/>; for this program again they come after its own. Default none.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>Environment variables to set for the workers; an empty value removes one. Default: the supervisor's environment unchanged.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The workers' working directory; it must exist when the host starts. Default: the supervisor's.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>
    /// The name of the user that the workers run as, with the groups of that user and its <c>HOME</c>; only a supervisor that runs as root can start them. Default: the supervisor's user.
    /// </summary>
    public string? User { get; set; }

    /// <summary>
    /// Groups whose workers are to be ready before the first worker of this one is started; one that is quarantined is not waited for. Default none: all groups start at once.
    /// </summary>
    public IList<string> DependsOn { get; } = [];

    /// <summary>
    /// Whether a worker is ready only when its own code has called <see cref="IWorkerReadiness.SetReady"/>, for example when its cache is warm. One that never does is late as <c>Ipc:StartTimeout</c>
    /// says. Default <see langword="false"/>: it is ready when its hosted services have started.
    /// </summary>
    public bool WaitForReady { get; set; }

    /// <summary>What becomes of the lines that the workers print. Default <see cref="IpcOutput.Log"/>: records of the supervisor's log, with group and worker id.</summary>
    public IpcOutput Output { get; set; }

    /// <summary>When a worker that has ended is started again.</summary>
    public IpcRestartOptions Restart { get; set; } = new();

    /// <summary>
    /// For how long a ready worker may not come forward before it is taken for hung, told as <c>WORKER.HUNG</c> and killed, so that a successor goes on with its inbox: a listener's code comes neither to an
    /// await nor to its end, the thread pool comes to nothing, or the process does not answer. Time in which it is stopped, frozen or under a debugger does not count. At least 0.1 seconds, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never. Default 30 seconds.
    /// </summary>
    public TimeSpan HangTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The folder that takes the dump of a worker that crashes, written by its .NET runtime before it ends and named <c>group-id-incarnation-process.dmp</c>; the event <c>WORKER.EXIT</c> and the log
    /// name the file. It is made when a worker starts; where nothing can be written to it, workers run without dumps and the log says why. Nothing is ever deleted there. Of a worker that hangs, the supervisor has its runtime write one. Default: none, no dumps are asked for. Not for a worker that is killed by others, and not for programs that are not .NET's.
    /// </summary>
    public string? DumpFolder { get; set; }

    /// <summary>What is in such a dump. Default <see cref="IpcDumpType.Mini"/>.</summary>
    public IpcDumpType DumpType { get; set; } = IpcDumpType.Mini;

    /// <summary>
    /// How many processes are kept started and ready without a worker id, 0 to 1024: when a worker ends, one of them takes its id and inbox over at once. Default 0.
    /// </summary>
    public int Standby { get; set; }

    /// <summary>How workers are replaced while they work.</summary>
    public IpcReloadOptions Reload { get; set; } = new();

    /// <summary>When a sound worker is replaced. Default: never.</summary>
    public IpcRecycleOptions Recycle { get; set; } = new();
}

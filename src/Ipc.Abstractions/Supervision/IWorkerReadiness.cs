namespace Ipc;

/// <summary>
/// By which a worker says that it is ready, for example when its cache is warm. Injectable everywhere; thread-safe. Needed only in groups with the option <c>WaitForReady</c>: elsewhere, and in the
/// supervisor, it changes nothing.
/// </summary>
public interface IWorkerReadiness
{
    /// <summary>
    /// Says that this worker is ready. It is so from then on, or from when all of its hosted services have started, whichever is later: those that wait for it go on, and listeners of
    /// <c>WORKER.READY</c> hear of it. Returns at once; further calls do nothing.
    /// </summary>
    void SetReady();
}

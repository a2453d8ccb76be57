namespace Ipc.Processes;

/// <summary>Whether this process was started as a worker: a fact about the process, read from its environment once and removed there before user code goes on.</summary>
internal static class ProcessRole
{
    private static readonly Lock Gate = new();
    private static bool s_read;
    private static bool s_claimed;
    private static WorkerIdentity? s_identity;

    /// <summary>Whether this process was started as a worker.</summary>
    public static bool IsWorkerProcess
    {
        get
        {
            lock (Gate)
            {
                Read_NeedsLock();
                return s_identity is not null;
            }
        }
    }

    /// <summary>
    /// The identity, for the first host that asks. A second host of a worker process gets none: it must not start workers of its own,
    /// since those would run the same program and start workers again.
    /// </summary>
    public static WorkerIdentity? Claim()
    {
        lock (Gate)
        {
            Read_NeedsLock();
            if (s_claimed)
            {
                return null;
            }

            s_claimed = s_identity is not null;
            return s_identity;
        }
    }

    private static void Read_NeedsLock()
    {
        if (s_read)
        {
            return;
        }

        s_read = true;
        string? text = Environment.GetEnvironmentVariable(WorkerIdentity.Variable);
        if (text is null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(WorkerIdentity.Variable, null);
        s_identity = WorkerIdentity.TryParse(text)
            ?? throw new InvalidOperationException(
                $"The environment variable {WorkerIdentity.Variable} was set by another version of Ipc.Hosting or by hand. It is for a supervisor to set; remove it to start this program as a supervisor.");
    }
}

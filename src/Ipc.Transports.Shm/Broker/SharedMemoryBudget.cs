using Ipc.Transports.Control;
using Ipc.Transports.Memory;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>How much shared memory the cluster holds, and why it gets no more. Changed on the control thread, read anywhere.</summary>
internal sealed class SharedMemoryBudget
{
    /// <summary>
    /// What is not larger is always tried. A doorbell, two pages, is made again after every death: refusing it would give up an inbox whose messages are in memory already.
    /// </summary>
    private const int SmallestGuarded = 64 << 10;

    private readonly long _limit;
    private readonly ILogger _logger;
    private readonly MemoryCgroup _cgroup;
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);
    private long _inUse;
    private volatile string? _refusal;

    /// <summary>Makes a budget.</summary>
    /// <param name="isWanted">Whether the cluster's options want shared memory.</param>
    /// <param name="limit">In bytes; 0 switches it off.</param>
    /// <param name="logger">Gets each reason once.</param>
    /// <param name="cgroup">What bounds this process besides; <see langword="null"/> for its own.</param>
    public SharedMemoryBudget(bool isWanted, long limit, ILogger logger, MemoryCgroup? cgroup = null)
    {
        _limit = limit;
        _logger = logger;
        _cgroup = cgroup ?? MemoryCgroup.Current;
        if (limit <= 0)
        {
            Refuse("Ipc:SharedMemoryLimit is 0");
        }
        else if (!isWanted)
        {
            Refuse("shared memory is switched off (UseSharedMemory is false)");
        }

        IsPossible = isWanted && limit > 0;
    }

    /// <summary>Whether it makes sense to try.</summary>
    public bool IsPossible { get; private set; }

    /// <summary>Whether half of the limit is in use. What is left is for workers: clients, of which others decide how many there are, get pipes then.</summary>
    public bool IsHalfUsed => InUse > _limit / 2;

    /// <summary>Held now, in bytes.</summary>
    public long InUse => Volatile.Read(ref _inUse);

    /// <summary>Why lanes go over the pipe, the last time one had to.</summary>
    public string? Refusal => _refusal;

    /// <summary>Makes something out of shared memory, if the limit and the kernel allow.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="create">Makes it.</param>
    public T? TryCreate<T>(long bytes, Func<T> create)
        where T : class
    {
        T? made = TryCreate(bytes, create, "a lane", out string? refusal);
        if (refusal is not null)
        {
            Refuse(refusal);
        }

        return made;
    }

    /// <summary>Makes memory for a large frame, if the limit and the kernel allow; its lane stays in shared memory in any case.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="create">Makes it.</param>
    public T? TryCreateForFrame<T>(long bytes, Func<T> create)
        where T : class
    {
        T? made = TryCreate(bytes, create, "a large message", out string? refusal);
        if (refusal is not null && IsNew($"frame {refusal}"))
        {
            ControlLog.SegmentRefused(_logger, refusal);
        }

        return made;
    }

    /// <summary>Gives memory back.</summary>
    public void Release(long bytes) => Volatile.Write(ref _inUse, _inUse - bytes);

    private T? TryCreate<T>(long bytes, Func<T> create, string what, out string? refusal)
        where T : class
    {
        refusal = null;
        if (!IsPossible)
        {
            return null;
        }

        if (_inUse + bytes > _limit)
        {
            refusal = $"Ipc:SharedMemoryLimit ({_limit:N0} bytes) is reached: {_inUse:N0} are in use and {what} needs {bytes:N0}";
            return null;
        }

        if (bytes > SmallestGuarded && _cgroup.WhyNot(bytes) is { } why)
        {
            refusal = $"The memory cgroup is near its limit: {why}, and {what} needs {bytes:N0}. The kernel would kill a process instead of refusing them; "
                + $"set Ipc:SharedMemoryLimit ({_limit:N0}) to what the cgroup can spare, or raise its limit";
            return null;
        }

        try
        {
            T made = create();
            Volatile.Write(ref _inUse, _inUse + bytes);
            return made;
        }
        catch (SharedMemoryException error)
        {
            IsPossible = error.Failure != SharedMemoryFailure.NotSupported;
            refusal = error.Message;
            return null;
        }
    }

    /// <summary>Reasons that differ in their numbers only are one: how much is in use is another number each time.</summary>
    private bool IsNew(string reason) => _logged.Count < 16 && _logged.Add(string.Concat(reason.Where(char.IsLetter)));

    private void Refuse(string reason)
    {
        _refusal = reason;
        if (IsNew(reason))
        {
            ControlLog.SharedMemoryRefused(_logger, reason);
        }
    }
}

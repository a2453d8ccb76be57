using System.Globalization;

namespace Ipc.Supervision;

/// <summary>Whether one incarnation has done or grown enough, and may be replaced now. For one thread at a time.</summary>
internal sealed class RecyclePolicy
{
    private readonly IpcRecycleOptions _options;
    private readonly TimeSpan? _age;
    private readonly double? _memory;
    private readonly TimeProvider _time;
    private long _dueSince;
    private bool _isPostponed;

    /// <summary>Sets the limits, each with its jitter.</summary>
    public RecyclePolicy(IpcRecycleOptions options, TimeProvider time, Random random)
    {
        _options = options;
        _time = time;
        _age = options.AfterAge * (1 + (options.Jitter * random.NextDouble()));
        _memory = options.AboveMemory * (1 + (options.Jitter * random.NextDouble()));
    }

    /// <summary>Why it is due, as a sentence's part; nothing while it is not.</summary>
    public string? Reason { get; private set; }

    /// <summary>Looks at the worker.</summary>
    /// <param name="readyFor">For how long it has been ready.</param>
    /// <param name="memory">Its resident memory in bytes; nothing when it is not known.</param>
    public void Look(TimeSpan readyFor, long? memory)
    {
        if (readyFor >= _age)
        {
            Due(string.Create(CultureInfo.InvariantCulture, $"it has been ready for {readyFor}"));
        }
        else if (memory > _memory)
        {
            Due(string.Create(CultureInfo.InvariantCulture, $"it holds {memory:N0} bytes of memory"));
        }
    }

    /// <summary>It is due, for a reason that the worker itself knows.</summary>
    public void Due(string reason)
    {
        if (Reason is null)
        {
            Reason = reason;
            _dueSince = _time.GetTimestamp();
        }
    }

    /// <summary>It could not be replaced: it is due again when the patience is over once more.</summary>
    public void Postpone()
    {
        _dueSince = _time.GetTimestamp();
        _isPostponed = true;
    }

    /// <summary>Whether it is to be replaced now.</summary>
    /// <param name="isQuiet">Whether nothing runs in it, and nothing waits for it.</param>
    public bool MayGo(bool isQuiet) => Reason is not null && ((isQuiet && !_isPostponed) || _time.GetElapsedTime(_dueSince) >= _options.Patience);
}

using Ipc.Transports.Interleavings.Tests;

namespace Ipc.Transports.Rings;

/// <summary>Takes the place of <see cref="System.Threading.Lock"/> in the product's sources.</summary>
internal sealed class Lock
{
    private int _owner;

    public bool IsHeldByCurrentThread => _owner == Environment.CurrentManagedThreadId;

    public void Enter()
    {
        do
        {
            Explorer.Until(() => _owner == 0, "Enter");
        }
        while (!TryTake());
    }

    public bool TryEnter()
    {
        Explorer.Visit("TryEnter");
        return TryTake();
    }

    public void Exit()
    {
        Explorer.Visit("Exit");
        _owner = 0;
        Explorer.Changed();
    }

    private bool TryTake()
    {
        if (_owner != 0)
        {
            return false;
        }

        _owner = Environment.CurrentManagedThreadId;
        return true;
    }
}

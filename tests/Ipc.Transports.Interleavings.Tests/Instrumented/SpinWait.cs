using Ipc.Transports.Interleavings.Tests;

namespace Ipc.Transports.Rings;

/// <summary>Takes the place of <see cref="System.Threading.SpinWait"/>: who spins goes on when another thread has changed something.</summary>
internal struct SpinWait
{
    private System.Threading.SpinWait _real;

    public void SpinOnce(int sleep1Threshold)
    {
        if (!Explorer.Yield())
        {
            _real.SpinOnce(sleep1Threshold);
        }
    }
}

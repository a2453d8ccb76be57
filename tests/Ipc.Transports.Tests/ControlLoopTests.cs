using Ipc.Transports.Control;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests;

/// <summary>The control thread.</summary>
public sealed class ControlLoopTests
{
    [Fact]
    public void One_that_was_never_started_can_be_stopped()
    {
        var loop = new ControlLoop("test", NullLogger.Instance);
        loop.Stop();
        Assert.False(loop.IsCurrent);
    }
}

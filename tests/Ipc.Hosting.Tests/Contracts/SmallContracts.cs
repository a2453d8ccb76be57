namespace Ipc.Hosting.Tests.Contracts
{
    [IpcService]
    internal interface ICounter
    {
        ValueTask<int> NextAsync();
    }

    [IpcService("relay")]
    internal interface IRelay
    {
        Task<string> RelayAsync(int hops);
    }

    internal sealed class Counter : ICounter
    {
        private int _last;

        public ValueTask<int> NextAsync() => new(Interlocked.Increment(ref _last));
    }

    internal sealed class OtherCounter : ICounter
    {
        public ValueTask<int> NextAsync() => new(0);
    }

    internal sealed class Relay(IRelay next, IpcProcess process) : IRelay
    {
        public async Task<string> RelayAsync(int hops)
        {
            string here = $"{process.Group}/{process.WorkerId}";
            return hops == 0 ? here : $"{here} of {await next.RelayAsync(hops - 1)}";
        }
    }

    internal sealed class NamingFilter(Recorder recorder) : IListenerFilter
    {
        public ValueTask InvokeAsync(ListenerInvocation invocation, ListenerDelegate next)
        {
            recorder.Add(invocation.ListenerType.FullName!);
            return next(invocation);
        }
    }
}

namespace Ipc.Hosting.Tests.Contracts.Second
{
    [IpcService]
    internal interface ICounter
    {
        ValueTask<int> NextAsync();
    }

    internal sealed class Counter : ICounter
    {
        public ValueTask<int> NextAsync() => new(0);
    }
}

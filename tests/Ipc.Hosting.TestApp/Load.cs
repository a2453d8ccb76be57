using System.Globalization;

namespace Ipc.Hosting.TestApp;

/// <summary>Sends numbers and asks some workers of a group, and any of it, as fast as it goes, until it is stopped; each worker's numbers are to arrive in order in a file of its own.</summary>
internal sealed class Load(IMessageSender sender, string group, int workers, string prefix)
{
    private readonly List<Task> _tasks = [];
    private readonly int[] _sent = new int[workers];
    private volatile bool _isStopped;
    private int _asked;
    private int _failed;
    private string _failure = "";

    public void Start()
    {
        for (int i = 0; i < workers; i++)
        {
            int worker = i;
            _tasks.Add(Task.Run(() => SendAsync(worker)));
            _tasks.Add(Task.Run(() => AskAsync(Target.Worker(group, worker))));
        }

        _tasks.Add(Task.Run(() => AskAsync(Target.Any(group))));
    }

    public async Task<string> StopAsync()
    {
        _isStopped = true;
        await Task.WhenAll(_tasks);
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', _sent)} asked={_asked} failed={_failed} {_failure}").TrimEnd();
    }

    private async Task SendAsync(int worker)
    {
        while (!_isStopped)
        {
            await TryAsync(async () =>
            {
                await sender.SendAsync(new Append($"{prefix}{worker}", $"{_sent[worker]}", 0), Target.Worker(group, worker));
                _sent[worker]++;
            });
        }
    }

    private async Task AskAsync(Target target)
    {
        while (!_isStopped)
        {
            await TryAsync(async () =>
            {
                await sender.RequestAsync(new WhoAreYou(), target);
                Interlocked.Increment(ref _asked);
            });
        }
    }

    private async Task TryAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (IpcException e)
        {
            Interlocked.Increment(ref _failed);
            _failure = $"{e.Reason}: {e.Message}";
            await Task.Delay(1);
        }
    }
}

namespace Ipc.Hosting.TestApp;

/// <summary>What clients may call.</summary>
[IpcService(AllowClients = true)]
internal interface IArithmetic
{
    ValueTask<int> AddAsync(int[] values);

    Task<int> TimeAsync(int[] values, CancellationToken cancellationToken);

    ValueTask<string> SayAsync(string text);

    Task FailAsync(string why);

    Task WaitAsync(string marker, CancellationToken cancellationToken);
}

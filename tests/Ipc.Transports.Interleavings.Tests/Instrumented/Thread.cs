using Ipc.Transports.Interleavings.Tests;

namespace Ipc.Transports.Rings;

/// <summary>Takes the place of <see cref="System.Threading.Thread"/>: what the product starts while a schedule is set up is a thread of that schedule.</summary>
internal sealed class Thread(Action body)
{
    public bool IsBackground { get; init; }

    public string Name { get; init; } = "";

    public static void SpinWait(int iterations) => System.Threading.Thread.SpinWait(iterations);

    public void UnsafeStart()
    {
        if (Explorer.Active is { } explorer)
        {
            explorer.Spawn(Name, body);
            return;
        }

        new System.Threading.Thread(() => body()) { IsBackground = IsBackground, Name = Name }.UnsafeStart();
    }
}

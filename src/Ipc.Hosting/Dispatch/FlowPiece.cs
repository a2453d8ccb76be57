namespace Ipc.Dispatch;

/// <summary>What one thread runs of listeners' code behind an await. Written by that thread, read by any.</summary>
internal sealed class FlowPiece
{
    private static readonly Lock s_gate = new();
    private static FlowPiece[] s_all = [];

    [ThreadStatic]
    private static FlowPiece? t_piece;

    private readonly Thread _thread = Thread.CurrentThread;
    private ListenerFlow? _flow;
    private uint _number; // odd while a piece runs

    private FlowPiece()
    {
    }

    /// <summary>Those of all threads that have run such code and live.</summary>
    public static IReadOnlyList<FlowPiece> All => Volatile.Read(ref s_all);

    /// <summary>The one of the thread that asks.</summary>
    public static FlowPiece OfThisThread => t_piece ??= Add();

    /// <summary>The thread begins a piece of another flow, or of none.</summary>
    public void Change(ListenerFlow? flow)
    {
        uint number = _number + (_number & 1); // even: between two
        Volatile.Write(ref _number, number); // here and below: paired with Look, which reads it before and after the flow
        Volatile.Write(ref _flow, flow);
        if (flow is not null)
        {
            Volatile.Write(ref _number, number + 1);
        }
    }

    /// <summary>The piece that runs now: a number that is another one for each, and whose it is; <see langword="null"/> when none does.</summary>
    public (uint Number, ListenerFlow Flow)? Look()
    {
        uint number = Volatile.Read(ref _number);
        return (number & 1) != 0 && Volatile.Read(ref _flow) is { } flow && Volatile.Read(ref _number) == number ? (number, flow) : null;
    }

    private static FlowPiece Add()
    {
        var piece = new FlowPiece();
        lock (s_gate)
        {
            Volatile.Write(ref s_all, [.. s_all.Where(static p => p._thread.IsAlive), piece]);
        }

        return piece;
    }
}

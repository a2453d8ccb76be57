using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Ipc.Chaos.Cluster;

/// <summary>What this process did, a line each, in a file that nobody else writes. A line is in the kernel's hands before its call returns: a killed process leaves it.</summary>
internal sealed class LedgerFile : IDisposable
{
    public const string FolderVariable = "IPC_CHAOS_FOLDER";
    public const string SeedVariable = "IPC_CHAOS_SEED";

    private readonly Lock _lock = new();
    private readonly FileStream _file;

    public LedgerFile(IpcProcess process)
    {
        Folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} is not set: the chaos program starts this one.");
        Seed = int.Parse(Environment.GetEnvironmentVariable(SeedVariable) ?? "1", CultureInfo.InvariantCulture);
        string name = process.IsSupervisor ? "supervisor" : $"{process.Group}-{process.WorkerId}-{process.Incarnation}";
        _file = new FileStream(Path.Combine(Folder, $"{name}.{Environment.ProcessId}.log"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Write('H', $"{process.Id} {Environment.ProcessId}");
    }

    public string Folder { get; }

    public int Seed { get; }

    /// <summary>The payload of a message: its length and every byte follow from its number.</summary>
    public static byte[] Payload(int number, int length)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill((byte)number);
        return bytes;
    }

    /// <summary>A listener begins.</summary>
    public void Started(MessageContext context, int number, ReadOnlySpan<byte> payload)
    {
        Write('S', $"{context.Action} {number} {context.Sender} {context.DeliveryCount}");
        if (payload.IsEmpty || payload.ContainsAnyExcept((byte)number))
        {
            Write('C', $"{context.Action} {number} {context.Sender} {payload.Length} bytes");
        }
    }

    /// <summary>A listener is about to return.</summary>
    public void Ended(MessageContext context, int number) => Write('E', $"{context.Action} {number} {context.Sender}");

    /// <summary>One line: what it is, when (microseconds of the machine's monotonic clock), and its rest.</summary>
    public void Write(char kind, string rest)
    {
        long microseconds = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        lock (_lock)
        {
            _file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {microseconds} {rest}\n")));
        }
    }

    public void Dispose() => _file.Dispose();
}

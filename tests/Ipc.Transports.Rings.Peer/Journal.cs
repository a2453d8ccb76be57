using System.Text;

namespace Ipc.Transports.Rings.Peer;

/// <summary>Lines for the parent, one write each: what was written before a kill arrives.</summary>
internal static class Journal
{
    private static readonly Stream Out = Console.OpenStandardOutput();

    public static void Write(string line)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(line + "\n");
        lock (Out)
        {
            Out.Write(bytes);
            Out.Flush();
        }
    }
}

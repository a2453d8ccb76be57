using System.Runtime.CompilerServices;

namespace Ipc.Generators.Tests.Harness;

/// <summary>Compares text with a <c>.verified</c> file beside the test, in Verify's file habits; a difference leaves a <c>.received</c> file.</summary>
/// <remarks>IPC_ACCEPT_SNAPSHOTS=1 rewrites the files and fails the run all the same, so that no build can pass by accepting.</remarks>
internal static class Snapshot
{
    public static void Match(string text, string hint, [CallerFilePath] string file = "", [CallerMemberName] string member = "")
    {
        string stem = Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{member}#{hint}");
        string verified = stem + ".verified.cs";
        string received = stem + ".received.cs";
        string actual = text.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("IPC_ACCEPT_SNAPSHOTS") == "1")
        {
            File.WriteAllText(verified, actual);
            Assert.Fail($"Accepted {Path.GetFileName(verified)}; run again without IPC_ACCEPT_SNAPSHOTS.");
        }

        string expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : "";
        if (expected != actual)
        {
            File.WriteAllText(received, actual);
            Assert.Fail($"{Path.GetFileName(verified)} differs; compare it with {Path.GetFileName(received)} beside it.\n{actual}");
        }

        File.Delete(received);
    }
}

namespace Ipc.Processes;

/// <summary>A worker's process, as its supervisor sees it. Every member may be called from any thread.</summary>
internal interface IWorkerProcess : IDisposable
{
    /// <summary>Its number.</summary>
    int Id { get; }

    /// <summary>Completes when the process has ended and none of its threads can run any more.</summary>
    Task Exited { get; }

    /// <summary>What it ended with, as the system counts: 128+n for signal n on Unix. To be read when it has ended.</summary>
    int ExitCode { get; }

    /// <summary>Ends it without asking. Does nothing when it has ended.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system does not allow it.</exception>
    void Kill();

    /// <summary>Asks it to end, by SIGTERM where there is that. Does nothing when it has ended.</summary>
    void Terminate();

    /// <summary>The last line of its standard error, when it has ended; nothing when there was none.</summary>
    Task<string?> ReadLastWordsAsync();
}

namespace Ipc.Processes;

/// <summary>A worker's process, as its supervisor sees it. Every member may be called from any thread.</summary>
internal interface IWorkerProcess : IDisposable
{
    /// <summary>Its number.</summary>
    int Id { get; }

    /// <summary>Completes when none of its threads can run any more: at the latest when it has ended, but sooner where the system tells so of a process whose memory it still frees.</summary>
    Task Dead { get; }

    /// <summary>Completes when it has ended.</summary>
    Task Exited { get; }

    /// <summary>What it ended with, as the system counts: 128+n for signal n on Unix. To be read when it has ended.</summary>
    int ExitCode { get; }

    /// <summary>It most likely dies now: looks for <see cref="Dead"/>, for 100 ms at most.</summary>
    void OnDying();

    /// <summary>Ends it without asking. Does nothing when it has ended.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system does not allow it.</exception>
    void Kill();

    /// <summary>Asks it to end, by SIGTERM where there is that. Does nothing when it has ended.</summary>
    void Terminate();

    /// <summary>What it said last, when it has ended.</summary>
    Task<LastWords> ReadLastWordsAsync();
}

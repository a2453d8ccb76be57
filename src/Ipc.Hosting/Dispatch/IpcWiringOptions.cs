using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Dispatch;

/// <summary>What the generator knows about a call of <c>AddIpcWorkers</c>. Written by emitted code, not by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class IpcWiringOptions
{
    /// <summary>The table of the calling assembly.</summary>
    public required ListenerTable Table { get; init; }

    /// <summary>Whether the tables of referenced assemblies are wired too: the caller is an executable.</summary>
    public bool IncludeReferences { get; init; }

    /// <summary>Whether the table was named by hand, so that it may be that of a library and says nothing about the program.</summary>
    internal bool IsExplicit { get; init; }

    /// <summary>Whether the caller is a test project: no process is started from there.</summary>
    public bool IsTestProject { get; init; }

    /// <summary>Whether the cluster is to run in this process whatever the configuration says.</summary>
    public bool InProcess { get; init; }

    /// <summary>The options of a call that names its table.</summary>
    internal static IpcWiringOptions Explicit(ListenerTable listeners)
    {
        ArgumentNullException.ThrowIfNull(listeners);
        return new IpcWiringOptions { Table = listeners, IncludeReferences = true, IsExplicit = true };
    }

    /// <summary>Registered last in workers only, for example an <c>IServer</c> that opens no port.</summary>
    public Action<IServiceCollection>? WorkerServices { get; init; }
}

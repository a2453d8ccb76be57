using Ipc.Contracts;
using Ipc.Serialization;

namespace Ipc.Dispatch;

/// <summary>The listeners and serializers of one assembly, written by the generator.</summary>
public abstract class ListenerTable
{
    /// <summary>The assembly's name.</summary>
    public abstract string AssemblyName { get; }

    /// <summary>The assembly's own listeners, in the order of their full names.</summary>
    public abstract IReadOnlyList<ListenerDescriptor> Listeners { get; }

    /// <summary>The serializers of the assembly's own messages, and of foreign types that its listeners use.</summary>
    public abstract IReadOnlyList<MessageSerializer> Serializers { get; }

    /// <summary>The contracts of the assembly: its interfaces with <see cref="IpcServiceAttribute"/>.</summary>
    public virtual IReadOnlyList<ContractDescriptor> Contracts => [];

    /// <summary>The tables of the assemblies that this one references, directly or not.</summary>
    public abstract IReadOnlyList<ListenerTable> References { get; }
}

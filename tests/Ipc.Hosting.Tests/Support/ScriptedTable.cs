using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Hosting.Tests;

/// <summary>A dispatch table that a test writes by hand.</summary>
internal sealed class ScriptedTable(params ListenerDescriptor[] listeners) : ListenerTable
{
    public override string AssemblyName => "Scripted";

    public override IReadOnlyList<ListenerDescriptor> Listeners => listeners;

    public override IReadOnlyList<MessageSerializer> Serializers => [];

    public override IReadOnlyList<ListenerTable> References => [];
}

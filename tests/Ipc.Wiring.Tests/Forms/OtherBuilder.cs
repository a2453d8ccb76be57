namespace Ipc.Wiring.Tests.Forms;

/// <summary>Has a method of the same name that has nothing to do with this product.</summary>
internal sealed class OtherBuilder
{
    public int Calls { get; private set; }

    public void AddIpcWorkers() => Calls++;
}

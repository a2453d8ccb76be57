#nullable disable
namespace Ipc.Generators.Messages.Tests.Shapes;

/// <summary>Code that does not say where null is a value.</summary>
[Message]
public partial class Oblivious
{
    public string Text { get; set; } = "initial";

    public int Number { get; set; }
}

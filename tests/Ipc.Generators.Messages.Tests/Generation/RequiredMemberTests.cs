using Ipc.Generators.Tests.Harness;

namespace Ipc.Generators.Messages.Tests.Generation;

/// <summary>Every way a member can be required: emitted code names it in each object initializer, or a diagnostic says why it cannot.</summary>
public sealed class RequiredMemberTests
{
    [Theory]
    [InlineData("public required string Name { get; set; } = \"\";")]
    [InlineData("public required string Name = \"\";")]
    [InlineData("public required string Name { get; init; } = \"\"; public int Size { get; init; } = 5;")]
    [InlineData("public A(int x) => X = x; public required int X { get; init; }")]
    [InlineData("public A(int x) => X = x; public required int X { get; init; } public int Size { get; init; } = 5;")]
    [InlineData("[System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public A(int x) => X = x; public required int X { get; init; }")]
    [InlineData("[System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public A() { } public required int X { get; set; } = 5;")]
    [InlineData("[System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public A() { } [IgnoreMember] public required int X { get; set; } = 5;")]
    public async Task Required_members_that_travel_are_set(string members)
    {
        string source = $"[Message(\"a\")] public partial class A {{ {members} }}";
        TestCompilation.Emit(GeneratorRun.Of(source).Output);
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync(source));
    }

    [Theory]
    [InlineData("public partial class A { [IgnoreMember] public required string S { get; set; } public int X { get; set; } }")]
    [InlineData("internal partial class A { internal required string S { get; set; } public int X { get; set; } }")]
    [InlineData("internal partial class A : Base { public int X { get; set; } } internal class Base { internal required string S; }")]
    [InlineData("public partial class A { public A(int x) => X = x; [IgnoreMember] public required string S { get; init; } public int X { get; } }")]
    public async Task IPC1012_a_required_member_that_does_not_travel(string type)
    {
        string source = "[Message(\"a\")] " + type;
        string[] found = await AnalyzerRun.DiagnosticsAsync(source);
        Assert.Equal(["IPC1012: S: 'S' of 'A' is required but does not travel, so that no instance can be made when the message is read; let it travel, take 'required' away, or mark the constructor with [SetsRequiredMembers]"], found);
        TestCompilation.Emit(GeneratorRun.Of(source).Output);
    }
}

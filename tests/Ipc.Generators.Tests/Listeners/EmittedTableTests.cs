using Ipc.Dispatch;
using Ipc.Generators.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Generators.Tests.Listeners;

/// <summary>Emitted tables, compiled and run.</summary>
public sealed class EmittedTableTests
{
    private const string Handle = "public ValueTask<string> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => new(Text);";

    [Theory]
    [InlineData("(Uri address)", "address.Host", "shop")]
    [InlineData("([FromKeyedServices(\"eu\")] Uri address)", "address.Host", "eu.shop")]
    [InlineData("([FromKeyedServices(7)] Uri address)", "address.Host", "seven.shop")]
    [InlineData("([FromKeyedServices(DayOfWeek.Friday)] Uri address)", "address.Host", "friday.shop")]
    [InlineData("([FromKeyedServices(typeof(string))] Uri address)", "address.Host", "typed.shop")]
    [InlineData("([FromKeyedServices(\"nobody\")] Uri? address = null)", "address?.Host ?? \"none\"", "none")]
    [InlineData("([FromKeyedServices(\"eu\")] Uri? address = null)", "address?.Host ?? \"none\"", "eu.shop")]
    [InlineData("(Version? version = null)", "version?.ToString() ?? \"none\"", "none")]
    [InlineData("(Uri? address = null)", "address?.Host ?? \"none\"", "shop")]
    [InlineData("(IServiceProvider services)", "services.GetRequiredService<Uri>().Host", "shop")]
    [InlineData("(int a = -3, long b = long.MaxValue, string c = \"a\\\"b\", DayOfWeek d = DayOfWeek.Monday, double e = 1.5, decimal f = 2.5m, char g = '\\'', int? h = 4, int? i = null, TimeSpan j = default, bool k = true)",
        "$\"{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k}\"", "-3 9223372036854775807 a\"b Monday 1.5 2.5 ' 4  00:00:00 True")]
    [InlineData("(double a = double.PositiveInfinity, float b = float.NaN, decimal c = decimal.MaxValue, ulong d = ulong.MaxValue, long e = long.MinValue, double f = -0.0, float? g = float.NegativeInfinity, decimal? h = 0.10m, float i = 1.1f)",
        "$\"{a} {b} {c} {d} {e} {f} {g} {h} {i}\"", "Infinity NaN 79228162514264337593543950335 18446744073709551615 -9223372036854775808 -0 -Infinity 0.10 1.1")]
    [InlineData("([System.Runtime.InteropServices.Optional, System.Runtime.CompilerServices.DateTimeConstant(10000000)] DateTime a)", "$\"{a:ss}\"", "01")]
    public async Task Constructors_get_what_they_ask_for(string parameters, string text, string expected)
    {
        ListenerTable table = EmittedAssembly.TableOf($$"""
            using Microsoft.Extensions.DependencyInjection;
            [Listener("PIPE_MESSAGE.a")] internal sealed class L{{parameters}} : IListener<string, string> { private string Text => FormattableString.Invariant($"{ {{text}} }"); {{Handle}} }
            """);
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(new Uri("http://shop"))
            .AddKeyedSingleton("eu", new Uri("http://eu.shop"))
            .AddKeyedSingleton(7, new Uri("http://seven.shop"))
            .AddKeyedSingleton(DayOfWeek.Friday, new Uri("http://friday.shop"))
            .AddKeyedSingleton<Uri>(typeof(string), new Uri("http://typed.shop"))
            .BuildServiceProvider();
        var listener = (IListener<string, string>)table.Listeners[0].CreateListener(services);
        Assert.Equal(expected, await listener.HandleAsync("", default, default));
    }

    [Fact]
    public async Task The_marked_constructor_wins_over_the_longest()
    {
        ListenerTable table = EmittedAssembly.TableOf($$"""
            using Microsoft.Extensions.DependencyInjection;
            [Listener("PIPE_MESSAGE.a")]
            public sealed class L : IListener<string, string>
            {
                [ActivatorUtilitiesConstructor] public L() => Text = "marked";
                public L(Uri address) => Text = address.Host;
                private string Text { get; }
                {{Handle}}
            }
            """);
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        Assert.Equal("marked", await ((IListener<string, string>)table.Listeners[0].CreateListener(services)).HandleAsync("", default, default));
    }

    [Fact]
    public void A_partial_class_with_attributes_on_several_parts_has_each_row_once()
    {
        ListenerTable table = EmittedAssembly.TableOf("""
            [Listener("PIPE_MESSAGE.a")] public partial class L : IListener<string> { public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }
            [Listener("PIPE_MESSAGE.b", RunsIn = ListenerPlaces.Supervisor)] public partial class L;
            """);
        Assert.Equal(["a", "b"], table.Listeners.Select(l => l.Action));
        Assert.Equal([ListenerPlaces.Everywhere, ListenerPlaces.Supervisor], table.Listeners.Select(l => l.RunsIn));
    }

    [Fact]
    public void Redelivery_and_its_number_are_those_of_the_attribute()
    {
        ListenerTable table = EmittedAssembly.TableOf("""
            [Listener("PIPE_MESSAGE.a")]
            [Listener("PIPE_MESSAGE.b", Redelivery = true)]
            [Listener("PIPE_MESSAGE.c", Redelivery = true, MaxDeliveries = 1)]
            [Listener("PIPE_MESSAGE.d", MaxDeliveries = 7)]
            public class L : IListener<string> { public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }
            """);
        Assert.Equal(
            [("a", false, 5), ("b", true, 5), ("c", true, 1), ("d", false, 5)],
            table.Listeners.Select(l => (l.Action!, l.Redelivery, l.MaxDeliveries)));
    }

    [Fact]
    public void Listener_alone_makes_a_row_for_each_message_type_with_an_action()
    {
        ListenerTable table = EmittedAssembly.TableOf("""
            [Message("order.placed")] public partial record Placed(int Id);
            [Message("order.asked")] public partial record Asked(int Id) : IRequestMessage<Placed>;
            [Listener(Lifetime = ListenerLifetime.Singleton, Concurrent = true)]
            internal sealed class L : IListener<Placed>, IListener<Asked, Placed>, IListener<string>
            {
                public ValueTask HandleAsync(Placed message, MessageContext context, CancellationToken cancellationToken) => default;
                public ValueTask<Placed> HandleAsync(Asked message, MessageContext context, CancellationToken cancellationToken) => new(new Placed(message.Id));
                public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;
            }
            """);
        Assert.Equal([("order.asked", true), ("order.placed", false)], table.Listeners.Select(l => (l.Action!, l.Answers)).Order());
        Assert.All(table.Listeners, l => Assert.True(l is { Lifetime: ListenerLifetime.Singleton, Concurrent: true }));
        Assert.Equal(["Asked", "Placed"], table.Serializers.Select(s => s.Type.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("string")]
    [InlineData("byte[]")]
    [InlineData("int")]
    [InlineData("ulong")]
    [InlineData("decimal")]
    [InlineData("Int128")]
    [InlineData("Half")]
    [InlineData("DateOnly")]
    [InlineData("DateTimeOffset")]
    [InlineData("Guid")]
    [InlineData("Uri")]
    [InlineData("ReadOnlyMemory<byte>")]
    [InlineData("Memory<byte>")]
    [InlineData("MessageBody")]
    [InlineData("MessageBytes")]
    public void Every_bare_type_has_its_serializer(string type)
    {
        ListenerTable table = EmittedAssembly.TableOf($$"""
            [Listener("PIPE_MESSAGE.a")] public sealed class L : IListener<{{type}}, {{type}}> { public ValueTask<{{type}}> HandleAsync({{type}} message, MessageContext context, CancellationToken cancellationToken) => new(message); }
            """);
        ListenerDescriptor row = Assert.Single(table.Listeners);
        Assert.Same(row.MessageSerializer, row.ResponseSerializer);
        Assert.Equal(row.GetType().GenericTypeArguments[1], row.MessageSerializer.Type);
    }

    [Fact]
    public void A_library_without_the_container_s_packages_gets_its_services_too()
    {
        string[] without = [.. TestCompilation.References.Select(r => r.Display!).Where(p => !Path.GetFileName(p).StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && Path.GetFileName(p) != "Ipc.Hosting.dll")];
        var compilation = TestCompilation.Create($$"""
            [Listener("PIPE_MESSAGE.a")] public sealed class L(Uri address) : IListener<string, string> { private string Text => address.Host; {{Handle}} }
            """).WithReferences(without.Select(p => Microsoft.CodeAnalysis.MetadataReference.CreateFromFile(p)));
        var assembly = System.Reflection.Assembly.Load(TestCompilation.Emit(GeneratorRun.Of(compilation).Output));
        var table = (ListenerTable)assembly.GetType("Ipc.Generated.Shop.IpcListenerTable")!.GetProperty("Instance")!.GetValue(null)!;
        using ServiceProvider services = new ServiceCollection().AddSingleton(new Uri("http://shop")).BuildServiceProvider();
        Assert.NotNull(table.Listeners[0].CreateListener(services));
        using ServiceProvider empty = new ServiceCollection().BuildServiceProvider();
        Assert.Contains("System.Uri", Assert.Throws<InvalidOperationException>(() => table.Listeners[0].CreateListener(empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_project_that_sees_the_program_s_internals_has_no_conflict_of_names()
    {
        var program = LibraryCompilation.Of("Program", """
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Shop")]
            [Message("a")] public partial record A(int Id);
            [Listener] internal sealed class L : IListener<A> { public ValueTask HandleAsync(A message, MessageContext context, CancellationToken cancellationToken) => default; }
            """);
        GeneratorRun run = GeneratorRun.Of(TestCompilation.Create("""
            [Message("b")] public partial record B(int Id);
            public static class Test { public static Ipc.Dispatch.ListenerTable Table => GeneratedIpcListeners.Instance; }
            """, references: program));
        Assert.Empty(run.Output.GetDiagnostics().Where(d => d.Severity >= Microsoft.CodeAnalysis.DiagnosticSeverity.Warning));
        Assert.Contains("global::Ipc.Generated.Program.IpcListenerTable.Instance", run.Source("Ipc.Listeners.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_with_nothing_but_an_alias_is_left_out()
    {
        var library = LibraryCompilation.Of("Warehouse", "").WithAliases(["warehouse"]);
        GeneratorRun run = GeneratorRun.Of(TestCompilation.Create("", references: library));
        TestCompilation.Emit(run.Output);
        Assert.DoesNotContain("Warehouse", run.Source("Ipc.Listeners.g.cs"), StringComparison.Ordinal);
    }

    /// <summary>Pairs of assembly names that differ only in what no identifier can have, and names that emitted code uses itself.</summary>
    [Theory]
    [InlineData("A.B", "A_B")]
    [InlineData("A_B", "A-B")]
    [InlineData("A-B", "A B")]
    [InlineData("A..B", "A.B")]
    [InlineData("class", "_class")]
    [InlineData("A\u200DB", "AB")]
    [InlineData("1A", "_1A")]
    [InlineData("A__B", "A._B")]
    [InlineData("MessageSerializers", "IpcWiringInterceptors")]
    [InlineData("Lib.Parcel.Serializer", "ClosedServer")]
    public void Assemblies_with_similar_names_have_tables_of_different_types(string first, string second)
    {
        const string Lib = "namespace Lib { [MessagePack.MessagePackObject] public class Parcel { [MessagePack.Key(0)] public int A { get; set; } } } ";
        const string Attributes = "namespace MessagePack { internal sealed class MessagePackObjectAttribute : System.Attribute; internal sealed class KeyAttribute(int x) : System.Attribute; } ";
        const string Listener = "[Listener(\"PIPE_MESSAGE.a\")] internal sealed class L : IListener<Lib.Parcel> { public ValueTask HandleAsync(Lib.Parcel message, MessageContext context, CancellationToken cancellationToken) => default; } ";
        Microsoft.CodeAnalysis.MetadataReference[] libraries = [LibraryCompilation.Of(first, Attributes + Lib.Replace("Lib", "One", StringComparison.Ordinal) + Listener.Replace("Lib", "One", StringComparison.Ordinal)), LibraryCompilation.Of(second, "")];
        GeneratorRun run = GeneratorRun.Of(TestCompilation.Create(Attributes + Lib + Listener + "public static class Use { public static Ipc.Dispatch.ListenerTable Table => GeneratedIpcListeners.Instance; }", references: libraries));
        TestCompilation.Emit(run.Output);
        string table = run.Source("Ipc.Listeners.g.cs");
        Assert.Equal(2, table.Split('\n').Where(line => line.EndsWith(".IpcListenerTable.Instance,", StringComparison.Ordinal)).Distinct().Count());
        foreach (string name in new[] { first, second })
        {
            TestCompilation.Emit(GeneratorRun.Of(TestCompilation.Create(Attributes + Lib + Listener, assemblyName: name)).Output);
        }
    }
}

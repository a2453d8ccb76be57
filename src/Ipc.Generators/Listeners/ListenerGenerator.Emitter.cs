using Ipc.Generators.Common;
using Ipc.Generators.Listeners.Model;
using Ipc.Generators.Messages;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

public sealed partial class ListenerGenerator
{
    /// <summary>Writes the table, the attribute that announces it, and the class that names it in the explicit form.</summary>
    internal static class Emitter
    {
        public const string HintName = "Ipc.Listeners.g.cs";
        private const int Everywhere = 7;
        private const int DefaultMaxDeliveries = 5;
        private const string Descriptor = "global::Ipc.Dispatch.ListenerDescriptor";
        private const string Contract = "global::Ipc.Contracts.ContractDescriptor";
        private const string ListOf = "global::System.Collections.Generic.IReadOnlyList";

        /// <summary>The table's type, with <c>global::</c> in front.</summary>
        public static string TableType(string assemblyName) => $"global::{TableNamespace(assemblyName)}.IpcListenerTable";

        public static void Emit(SourceProductionContext output, TableModel model)
        {
            if (model.Assembly.KnowsIpc)
            {
                output.AddSource(HintName, Write(model).ToSourceText());
            }
        }

        private static string TableNamespace(string assemblyName) => $"{KnownNames.GeneratedNamespace}.{Names.AssemblyNamespace(assemblyName)}";

        private static SourceWriter Write(TableModel model)
        {
            var writer = new SourceWriter();
            string table = TableType(model.Assembly.Name);
            writer.WriteLine(GeneratedCode.Header);
            writer.WriteLine();
            WriteAnnouncement(writer, table, model);
            writer.WriteLine();
            writer.WriteLine($"namespace {TableNamespace(model.Assembly.Name)}");
            writer.Open();
            WriteTable(writer, model);
            writer.Close();
            writer.WriteLine();
            writer.WriteLine($$"""
                namespace Ipc
                {
                    /// <summary>This assembly's listeners, for the explicit form <c>AddIpcWorkers(GeneratedIpcListeners.Instance)</c>.</summary>
                    [global::Microsoft.CodeAnalysis.Embedded]
                    [global::System.CodeDom.Compiler.GeneratedCode("Ipc.Generators", "1.0")]
                    [global::System.Diagnostics.DebuggerNonUserCode]
                    internal static class GeneratedIpcListeners
                    {
                        /// <summary>The table.</summary>
                        public static global::Ipc.Dispatch.ListenerTable Instance => {{table}}.Instance;
                    }
                }
                """);
            return writer;
        }

        private static void WriteAnnouncement(SourceWriter writer, string table, TableModel model)
        {
            IEnumerable<ListenerRow> rows = model.Listeners.SelectMany(l => l.Rows);
            string actions = Actions(rows);
            string answered = Actions(rows.Where(r => r.Response is not null));
            writer.WriteLine($"[assembly: global::Ipc.Dispatch.ListenerTable(typeof({table}){Argument("Actions", actions)}{Argument("AnsweredActions", answered)})]");

            static string Argument(string name, string values) => values.Length == 0 ? "" : $", {name} = new[] {{ {values} }}";
        }

        private static string Actions(IEnumerable<ListenerRow> rows) => string.Join(
            ", ",
            rows.Select(r => r.EventName)
                .Where(e => e.StartsWith(KnownNames.MessageEventPrefix, StringComparison.Ordinal))
                .Select(e => e.Substring(KnownNames.MessageEventPrefix.Length))
                .Distinct(StringComparer.Ordinal)
                .OrderBy(a => a, StringComparer.Ordinal)
                .Select(Names.Literal));

        private static void WriteTable(SourceWriter writer, TableModel model)
        {
            writer.WriteLine("/// <summary>The listeners and serializers of this assembly.</summary>");
            writer.WriteLine("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
            writer.WriteLine(GeneratedCode.Attributes);
            writer.WriteLine("public sealed class IpcListenerTable : global::Ipc.Dispatch.ListenerTable");
            writer.Open();
            writer.WriteLine($$"""
                private IpcListenerTable()
                {
                }

                /// <summary>The one instance.</summary>
                public static IpcListenerTable Instance { get; } = new IpcListenerTable();

                /// <inheritdoc/>
                public override string AssemblyName => {{Names.Literal(model.Assembly.Name)}};

                /// <inheritdoc/>
                public override {{ListOf}}<{{Descriptor}}> Listeners { get; } = CreateListeners();

                /// <inheritdoc/>
                public override {{ListOf}}<global::Ipc.Serialization.MessageSerializer> Serializers => {{MessageNames.Table}}.All;

                """);
            WriteContracts(writer, model);
            WriteReferences(writer, model);
            writer.WriteLine();
            WriteListeners(writer, model);
            if (model.Listeners.Any(l => l.Parameters.Count > 0) && !model.Assembly.KnowsServices)
            {
                WriteServiceLookup(writer);
            }

            writer.Close();
        }

        private static void WriteContracts(SourceWriter writer, TableModel model)
        {
            if (model.Contracts.Count == 0)
            {
                return;
            }

            writer.WriteLine("/// <inheritdoc/>");
            writer.WriteLine($"public override {ListOf}<{Contract}> Contracts => new {Contract}[]");
            writer.Open();
            foreach (string contract in model.Contracts)
            {
                writer.WriteLine($"{contract},");
            }

            writer.Close(";");
            writer.WriteLine();
        }

        private static void WriteReferences(SourceWriter writer, TableModel model)
        {
            writer.WriteLine("/// <inheritdoc/>");
            if (model.References.Count == 0)
            {
                writer.WriteLine($"public override {ListOf}<global::Ipc.Dispatch.ListenerTable> References => global::System.Array.Empty<global::Ipc.Dispatch.ListenerTable>();");
                return;
            }

            writer.WriteLine($"public override {ListOf}<global::Ipc.Dispatch.ListenerTable> References => new global::Ipc.Dispatch.ListenerTable[]");
            writer.Open();
            foreach (string reference in model.References)
            {
                writer.WriteLine($"{reference}.Instance,");
            }

            writer.Close(";");
        }

        private static void WriteListeners(SourceWriter writer, TableModel model)
        {
            if (model.Listeners.Count == 0)
            {
                writer.WriteLine($"private static {Descriptor}[] CreateListeners() => global::System.Array.Empty<{Descriptor}>();");
                return;
            }

            writer.WriteLine($"private static {Descriptor}[] CreateListeners() => new {Descriptor}[]");
            writer.Open();
            foreach (ListenerModel listener in model.Listeners)
            {
                string construct = Construct(listener, model.Assembly.KnowsServices);
                foreach (ListenerRow row in listener.Rows)
                {
                    WriteRow(writer, listener, row, construct);
                }
            }

            writer.Close(";");
        }

        private static void WriteRow(SourceWriter writer, ListenerModel listener, ListenerRow row, string construct)
        {
            string types = row.Response is { } response ? $"{listener.Type}, {row.Message}, {response}" : $"{listener.Type}, {row.Message}";
            string serializers = row.ResponseSerializer is null ? row.MessageSerializer : $"{row.MessageSerializer}, {row.ResponseSerializer}";
            var settings = new List<string>();
            if (row.Priority != 0)
            {
                settings.Add($"Priority = {row.Priority.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
            }

            if (row.RunsIn != Everywhere)
            {
                settings.Add($"RunsIn = {Places(row.RunsIn)}");
            }

            if (row.Singleton)
            {
                settings.Add("Lifetime = global::Ipc.ListenerLifetime.Singleton");
            }

            if (row.Concurrent)
            {
                settings.Add("Concurrent = true");
            }

            if (row.AllowClients)
            {
                settings.Add("AllowClients = true");
            }

            if (row.Queue is not null)
            {
                settings.Add($"Queue = {Names.Literal(row.Queue)}");
            }
            else if (row.MaxDeliveries != 0)
            {
                settings.Add("Redelivery = true");
            }

            if (row.MaxDeliveries is not (0 or DefaultMaxDeliveries))
            {
                settings.Add($"MaxDeliveries = {row.MaxDeliveries.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
            }

            writer.WriteLine($"new {Descriptor}<{types}>(");
            writer.WriteLine($"    {Names.Literal(row.EventName)}, {serializers},");
            writer.WriteLine($"    static services => {construct}){(settings.Count == 0 ? "" : $" {{ {string.Join(", ", settings)} }}")},");
        }

        private static string Places(int runsIn)
        {
            string[] names = ["Supervisor", "Workers", "Clients"];
            return string.Join(" | ", names.Where((_, i) => (runsIn & (1 << i)) != 0).Select(n => $"global::Ipc.ListenerPlaces.{n}"));
        }

        private static string Construct(ListenerModel listener, bool knowsServices) =>
            $"new {listener.Type}({string.Join(", ", listener.Parameters.Select((p, i) => Argument(p, i, knowsServices)))})";

        private static string Argument(ConstructorParameter parameter, int index, bool knowsServices)
        {
            const string Extensions = "global::Microsoft.Extensions.DependencyInjection.";
            string type = parameter.Type;
            switch (parameter.Source)
            {
                case ParameterSource.Provider:
                    return "services";
                case ParameterSource.KeyedService when parameter.Default is null:
                    return $"{Extensions}ServiceProviderKeyedServiceExtensions.GetRequiredKeyedService<{type}>(services, {parameter.Key})";
                case ParameterSource.KeyedService:
                    return $"((global::Microsoft.Extensions.DependencyInjection.IKeyedServiceProvider)services).GetKeyedService(typeof({type}), {parameter.Key}) is {Underlying(type)} value{index} ? value{index} : {parameter.Default}";
                case ParameterSource.Service when parameter.Default is not null:
                    return $"services.GetService(typeof({type})) is {Underlying(type)} value{index} ? value{index} : {parameter.Default}";
                default:
                    return knowsServices
                        ? $"{Extensions}ServiceProviderServiceExtensions.GetRequiredService<{type}>(services)"
                        : $"Get<{type}>(services)";
            }
        }

        /// <summary>A pattern takes the value type itself, not its nullable form.</summary>
        private static string Underlying(string type) => type.TrimEnd('?');

        private static void WriteServiceLookup(SourceWriter writer) => writer.WriteLine("""

            private static T Get<T>(global::System.IServiceProvider services) => (T)(services.GetService(typeof(T))
                ?? throw new global::System.InvalidOperationException($"No service of type '{typeof(T)}' is registered, but a listener's constructor takes one. Register it, or give the parameter a default."));
            """);
    }
}

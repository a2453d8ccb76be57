using Ipc.Generators.Common;
using Ipc.Generators.Listeners;
using Ipc.Generators.Wiring.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Wiring;

public sealed partial class WiringGenerator
{
    /// <summary>Writes one interceptor per method that is called, with an attribute per call.</summary>
    internal static class Emitter
    {
        public const string HintName = "Ipc.Wiring.g.cs";

        public static void Emit(SourceProductionContext output, WiringModel model)
        {
            if (model.Calls.Count > 0)
            {
                output.AddSource(HintName, Write(model).ToSourceText());
            }
        }

        private static SourceWriter Write(WiringModel model)
        {
            var writer = new SourceWriter();
            writer.WriteLine(GeneratedCode.Header);
            writer.WriteLine("""

                namespace System.Runtime.CompilerServices
                {
                    [global::System.AttributeUsage(global::System.AttributeTargets.Method, AllowMultiple = true)]
                    file sealed class InterceptsLocationAttribute(int version, string data) : global::System.Attribute
                    {
                    }
                }

                """);
            writer.WriteLine($"namespace {KnownNames.GeneratedNamespace}");
            writer.Open();
            writer.WriteLine(GeneratedCode.Attributes);
            writer.WriteLine("file static class IpcWiringInterceptors");
            writer.Open();
            int number = 0;
            foreach (IGrouping<WiringMethod, WiringCall> calls in model.Calls.GroupBy(c => c.Method)
                .OrderBy(g => g.Key.Name, StringComparer.Ordinal).ThenBy(g => g.Key.ReceiverType, StringComparer.Ordinal).ThenBy(g => g.Key.TableType is not null))
            {
                if (number > 0)
                {
                    writer.WriteLine();
                }

                WriteInterceptor(writer, model, calls, number++);
            }

            writer.Close();
            if (HasClosedServer(model))
            {
                WriteClosedServer(writer);
            }

            writer.Close();
            return writer;
        }

        private static void WriteInterceptor(SourceWriter writer, WiringModel model, IGrouping<WiringMethod, WiringCall> calls, int number)
        {
            WiringMethod method = calls.Key;
            foreach (WiringCall call in calls)
            {
                writer.WriteLine($"{call.Attribute} // {call.Place}");
            }

            // In the explicit form the caller's own table counts, with all that it references.
            string tableParameter = method.TableType is null ? "" : $", {method.TableType} table";
            string table = method.TableType is null ? $"{ListenerGenerator.Emitter.TableType(model.Assembly.Name)}.Instance" : "table";
            bool references = model.Assembly.IsExecutable || method.TableType is not null;
            writer.WriteLine($$"""
                public static {{method.ReturnType}} {{method.Name}}_{{number}}(this {{method.ReceiverType}} receiver{{tableParameter}}, {{method.ConfigureType}} configure)
                {
                    global::System.ArgumentNullException.ThrowIfNull(receiver);
                """);
            if (method.TableType is not null)
            {
                writer.WriteLine("    global::System.ArgumentNullException.ThrowIfNull(table);");
            }

            writer.WriteLine($$"""
                    {{(method.IsClient ? "" : "return ")}}global::Ipc.Dispatch.IpcWiring.{{method.Entry}}({{(method.OnBuilder ? "receiver.Services" : "receiver")}}, configure, new global::Ipc.Dispatch.IpcWiringOptions
                    {
                        Table = {{table}},
                        IncludeReferences = {{Boolean(references)}},
                        IsTestProject = {{Boolean(model.IsTestProject)}},
                        InProcess = {{Boolean(method.InProcess)}},
                """);
            if (model.Assembly.KnowsServer && !method.IsClient)
            {
                writer.WriteLine("        WorkerServices = ClosedServer.AddTo,");
            }

            writer.WriteLine("    });");
            if (method.IsClient)
            {
                writer.WriteLine("    return receiver;");
            }

            writer.WriteLine("}");
        }

        private static bool HasClosedServer(WiringModel model) => model.Assembly.KnowsServer && model.Calls.Any(call => !call.Method.IsClient);

        /// <summary>A worker of a web program inherits its addresses; this server keeps it from opening them.</summary>
        private static void WriteClosedServer(SourceWriter writer)
        {
            writer.WriteLine();
            writer.WriteLine("/// <summary>Serves nothing: the supervisor has the port.</summary>");
            writer.WriteLine(GeneratedCode.Attributes);
            writer.WriteLine("""
                file sealed class ClosedServer : global::Microsoft.AspNetCore.Hosting.Server.IServer
                {
                    public ClosedServer()
                    {
                        var features = new global::Microsoft.AspNetCore.Http.Features.FeatureCollection();
                        features[typeof(global::Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature)] = new ClosedAddresses();
                        Features = features;
                    }

                    public global::Microsoft.AspNetCore.Http.Features.IFeatureCollection Features { get; }

                    public static void AddTo(global::Microsoft.Extensions.DependencyInjection.IServiceCollection services)
                    {
                        global::Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<global::Microsoft.AspNetCore.Hosting.Server.IServer, ClosedServer>(services);
                        global::Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<ServerCheck>(services);
                    }

                    public global::System.Threading.Tasks.Task StartAsync<TContext>(
                        global::Microsoft.AspNetCore.Hosting.Server.IHttpApplication<TContext> application, global::System.Threading.CancellationToken cancellationToken)
                        where TContext : notnull => global::System.Threading.Tasks.Task.CompletedTask;

                    public global::System.Threading.Tasks.Task StopAsync(global::System.Threading.CancellationToken cancellationToken) => global::System.Threading.Tasks.Task.CompletedTask;

                    public void Dispose()
                    {
                    }
                }

                """);

            // A server that is registered later wins, and would open the supervisor's port. This runs before any server starts.
            writer.WriteLine("/// <summary>Refuses to start a worker whose server is another one.</summary>");
            writer.WriteLine(GeneratedCode.Attributes);
            writer.WriteLine("""
                file sealed class ServerCheck(global::Microsoft.AspNetCore.Hosting.Server.IServer server) : global::Microsoft.Extensions.Hosting.IHostedLifecycleService
                {
                    public global::System.Threading.Tasks.Task StartingAsync(global::System.Threading.CancellationToken cancellationToken) => server is ClosedServer
                        ? global::System.Threading.Tasks.Task.CompletedTask
                        : throw new global::System.InvalidOperationException(
                            $"The server {server.GetType().FullName} was registered after AddIpcWorkers() and would open the supervisor's port in a worker. Call UseKestrel() and the like before AddIpcWorkers().");

                    public global::System.Threading.Tasks.Task StartAsync(global::System.Threading.CancellationToken cancellationToken) => global::System.Threading.Tasks.Task.CompletedTask;

                    public global::System.Threading.Tasks.Task StartedAsync(global::System.Threading.CancellationToken cancellationToken) => global::System.Threading.Tasks.Task.CompletedTask;

                    public global::System.Threading.Tasks.Task StoppingAsync(global::System.Threading.CancellationToken cancellationToken) => global::System.Threading.Tasks.Task.CompletedTask;

                    public global::System.Threading.Tasks.Task StopAsync(global::System.Threading.CancellationToken cancellationToken) => global::System.Threading.Tasks.Task.CompletedTask;

                    public global::System.Threading.Tasks.Task StoppedAsync(global::System.Threading.CancellationToken cancellationToken) => global::System.Threading.Tasks.Task.CompletedTask;
                }

                """);

            // Programs write to app.Urls and app.Run(url); both must work in a worker, and neither may show an address that nobody serves.
            writer.WriteLine("/// <summary>Takes addresses and keeps none.</summary>");
            writer.WriteLine(GeneratedCode.Attributes);
            writer.WriteLine("""
                file sealed class ClosedAddresses : global::System.Collections.ObjectModel.Collection<string>, global::Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature
                {
                    public global::System.Collections.Generic.ICollection<string> Addresses => this;

                    public bool PreferHostingUrls { get; set; }

                    protected override void InsertItem(int index, string item)
                    {
                    }
                }
                """);
        }

        private static string Boolean(bool value) => value ? "true" : "false";
    }
}

namespace Ipc.Generators.Common;

/// <summary>Full names of the types that the generator and the analyzers look for; compared as symbols, never as identifiers in source.</summary>
internal static class KnownNames
{
    public const string ListenerAttribute = "Ipc.ListenerAttribute";
    public const string SubscribeAttribute = "Ipc.SubscribeAttribute";
    public const string ServiceAttribute = "Ipc.IpcServiceAttribute";
    public const string MessageAttribute = "Ipc.MessageAttribute";
    public const string Listener = "Ipc.IListener`1";
    public const string AnsweringListener = "Ipc.IListener`2";
    public const string Message = "Ipc.IMessage`1";
    public const string RequestMessage = "Ipc.IRequestMessage`1";
    public const string MessageSender = "Ipc.IMessageSender";
    public const string Topics = "Ipc.ITopics";
    public const string Target = "Ipc.Target";
    public const string ListenerTable = "Ipc.Dispatch.ListenerTable";
    public const string ListenerTableAttribute = "Ipc.Dispatch.ListenerTableAttribute";
    public const string WorkersBuilder = "Ipc.IpcWorkersBuilder";
    public const string WiringOptions = "Ipc.Dispatch.IpcWiringOptions";
    public const string ClientServiceCollectionExtensions = "Microsoft.Extensions.DependencyInjection.IpcClientServiceCollectionExtensions";
    public const string ServiceCollectionExtensions = "Microsoft.Extensions.DependencyInjection.IpcServiceCollectionExtensions";
    public const string HostBuilderExtensions = "Microsoft.Extensions.Hosting.IpcHostApplicationBuilderExtensions";
    public const string ServiceProviderServiceExtensions = "Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions";
    public const string ActivatorUtilitiesConstructor = "Microsoft.Extensions.DependencyInjection.ActivatorUtilitiesConstructorAttribute";
    public const string FromKeyedServices = "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute";
    public const string SetsRequiredMembers = "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute";
    public const string HostedServiceExtensions = "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions";
    public const string Server = "Microsoft.AspNetCore.Hosting.Server.IServer";
    public const string AsyncEnumerable = "System.Collections.Generic.IAsyncEnumerable`1";
    public const string CancellationToken = "System.Threading.CancellationToken";

    /// <summary>The family of events that are messages between processes.</summary>
    public const string MessageEventPrefix = "PIPE_MESSAGE.";

    /// <summary>The family of events that are messages of topics.</summary>
    public const string TopicEventPrefix = "TOPIC.";

    /// <summary>What imi, the PHP framework, writes in front of its events.</summary>
    public const string ForeignEventPrefix = "IMI.";

    /// <summary>The namespace of all emitted code; the package's targets name it in <c>InterceptorsNamespaces</c>.</summary>
    public const string GeneratedNamespace = "Ipc.Generated";
}

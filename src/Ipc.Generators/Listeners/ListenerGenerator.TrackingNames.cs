namespace Ipc.Generators.Listeners;

public sealed partial class ListenerGenerator
{
    /// <summary>Names of the pipeline's steps, for the tests of caching.</summary>
    internal static class TrackingNames
    {
        public const string Listeners = "Ipc.Listeners";
        public const string Subscribers = "Ipc.Subscribers";
        public const string References = "Ipc.References";
        public const string Assembly = "Ipc.Assembly";
        public const string Contracts = "Ipc.TableContracts";
        public const string Table = "Ipc.Table";
    }
}

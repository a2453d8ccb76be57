namespace Ipc.Generators.Messages;

/// <content>The names of the steps, by which tests see what was cached.</content>
public sealed partial class MessageGenerator
{
    internal static class TrackingNames
    {
        public const string Messages = nameof(Messages);
        public const string ListenerMessages = nameof(ListenerMessages);
        public const string SubscriberMessages = nameof(SubscriberMessages);
        public const string ContractMessages = nameof(ContractMessages);
        public const string SentMessages = nameof(SentMessages);
        public const string Foreign = nameof(Foreign);
        public const string Clashes = nameof(Clashes);
        public const string Table = nameof(Table);
        public const string KnowsIpc = nameof(KnowsIpc);
    }
}

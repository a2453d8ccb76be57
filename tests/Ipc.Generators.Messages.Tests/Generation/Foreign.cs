namespace Ipc.Generators.Messages.Tests.Generation;

/// <summary>MessagePack-CSharp's attributes as a source, since its package is not referenced.</summary>
internal static class Foreign
{
    public const string Attributes = """
        namespace MessagePack
        {
            public sealed class MessagePackObjectAttribute(bool keyAsPropertyName = false) : System.Attribute { public bool AllowPrivate { get; set; } }
            public sealed class KeyAttribute : System.Attribute { public KeyAttribute(int x) { } public KeyAttribute(string x) { } }
            public sealed class IgnoreMemberAttribute : System.Attribute;
            [System.AttributeUsage(System.AttributeTargets.All, AllowMultiple = true)]
            public sealed class UnionAttribute(int key, System.Type subType) : System.Attribute;
            public interface IMessagePackSerializationCallbackReceiver { void OnBeforeSerialize(); void OnAfterDeserialize(); }
            public sealed class MessagePackFormatterAttribute(System.Type type) : System.Attribute;
        }

        """;
}

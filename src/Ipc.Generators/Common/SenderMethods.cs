using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Common;

/// <summary>Recognises the calls that send.</summary>
internal static class SenderMethods
{
    /// <summary>Whether the method sends or asks, on <c>IMessageSender</c> itself, on a class of its kind, or as an extension.</summary>
    public static bool IsOne(IMethodSymbol method)
    {
        if (!IsName(method.Name))
        {
            return false;
        }

        ITypeSymbol receiver = method.ReducedFrom is { } extension ? extension.Parameters[0].Type
            : method.IsExtensionMethod ? method.Parameters[0].Type
            : method.ContainingType;
        return Is(receiver, KnownNames.MessageSender);
    }

    /// <summary>Whether the method publishes under a topic or subscribes to some, on <c>ITopics</c> itself or on a class of its kind.</summary>
    public static bool IsOfTopics(IMethodSymbol method) => IsTopicName(method.Name) && Is(method.ContainingType, KnownNames.Topics);

    /// <summary>Whether the types that the method is called with travel.</summary>
    public static bool NamesTypes(IMethodSymbol method) => IsOne(method) || IsOfTopics(method);

    /// <summary>Whether a call may be one that names types freely: the forms with a message alone have its type, which says all.</summary>
    public static bool MayNameTypes(SyntaxNode node)
    {
        if (node is not InvocationExpressionSyntax { Expression: { } expression } call)
        {
            return false;
        }

        SimpleNameSyntax? name = expression switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            SimpleNameSyntax simple => simple,
            _ => null,
        };
        return name is not null && (IsName(name.Identifier.ValueText) || IsTopicName(name.Identifier.ValueText)) && (name is GenericNameSyntax || call.ArgumentList.Arguments.Count > 1);
    }

    private static bool Is(ITypeSymbol receiver, string name) => receiver.IsNamed(name) || receiver.AllInterfaces.Any(i => i.IsNamed(name));

    private static bool IsTopicName(string name) => name is "PublishAsync" or "SubscribeAsync";

    private static bool IsName(string name) => name is "SendAsync" or "RequestAsync" or "RequestAllAsync";
}

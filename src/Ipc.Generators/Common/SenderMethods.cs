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
        return receiver.IsNamed(KnownNames.MessageSender) || receiver.AllInterfaces.Any(i => i.IsNamed(KnownNames.MessageSender));
    }

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
        return name is not null && IsName(name.Identifier.ValueText) && (name is GenericNameSyntax || call.ArgumentList.Arguments.Count > 1);
    }

    private static bool IsName(string name) => name is "SendAsync" or "RequestAsync" or "RequestAllAsync";
}

using Ipc.Generators.Common;
using Ipc.Generators.Wiring.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Wiring;

/// <summary>Finds the calls to intercept.</summary>
internal static class WiringParser
{
    private const string ExplicitClass = "GeneratedIpcListeners";

    /// <summary>The cheap test: an invocation whose last name is that of a wiring method.</summary>
    public static bool MayBeWiring(SyntaxNode node) => node is InvocationExpressionSyntax invocation && invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => IsName(access.Name),
        MemberBindingExpressionSyntax binding => IsName(binding.Name),
        SimpleNameSyntax name => IsName(name),
        _ => false,
    };

    /// <summary>Reads a call, or gives <see langword="null"/> when another method is meant or the compiler cannot intercept it.</summary>
    public static WiringCall? Parse(GeneratorSyntaxContext context, CancellationToken cancellationToken)
    {
        var invocation = (InvocationExpressionSyntax)context.Node;
        SymbolInfo info = context.SemanticModel.GetSymbolInfo(invocation, cancellationToken);
        if ((info.Symbol ?? ExplicitCandidate(info, invocation)) is not IMethodSymbol called)
        {
            return null;
        }

        // Called on a receiver, the symbol lacks its first parameter; the interceptor is written against the whole method.
        IMethodSymbol method = called.ReducedFrom ?? called;
        if (!WiringSymbols.IsWiring(method) || method.Parameters.Length < 2
            || context.SemanticModel.GetInterceptableLocation(invocation, cancellationToken) is not { } location)
        {
            return null;
        }

        var model = new WiringMethod(
            method.Name,
            method.Parameters[0].Type.ToDisplayString(TypeRef.Format),
            method.Parameters[method.Parameters.Length - 1].Type.ToDisplayString(TypeRef.Format),
            method.ReturnType.ToDisplayString(TypeRef.Format),
            WiringSymbols.IsExplicit(method) ? method.Parameters[1].Type.ToDisplayString(TypeRef.Format) : null,
            method.ContainingType.IsNamed(KnownNames.HostBuilderExtensions));
        return new WiringCall(model, location.GetInterceptsLocationAttributeSyntax(), Path.GetFileName(location.GetDisplayLocation()));
    }

    /// <summary>
    /// <c>AddIpcWorkers(GeneratedIpcListeners.Instance)</c> names a class that is emitted in this very run, so that the call does not bind yet.
    /// </summary>
    private static ISymbol? ExplicitCandidate(SymbolInfo info, InvocationExpressionSyntax invocation) =>
        invocation.ArgumentList.Arguments.Any(a => a.Expression is MemberAccessExpressionSyntax { Expression: var owner }
            && (owner as SimpleNameSyntax ?? (owner as MemberAccessExpressionSyntax)?.Name)?.Identifier.ValueText == ExplicitClass)
            ? info.CandidateSymbols.FirstOrDefault(c => c is IMethodSymbol method && WiringSymbols.IsExplicit(method))
            : null;

    private static bool IsName(SimpleNameSyntax name) => WiringSymbols.IsName(name.Identifier.ValueText);
}

using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ipc.Generators.Analyzers;

/// <summary>Marks calls inside a listener that could take its token and don't.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CancellationTokenAnalyzer : IpcAnalyzer
{
    /// <summary>The diagnostic's property with the listener's parameter.</summary>
    internal const string TokenProperty = "Token";

    /// <summary>The diagnostic's property with the called method's parameter, when it must be named.</summary>
    internal const string NameProperty = "Name";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.TokenNotForwarded];

    private protected override void Register(AnalysisContext context) =>
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context)
    {
        if (context.ContainingSymbol is not IMethodSymbol method || !IsHandler(method)
            || method.Parameters.FirstOrDefault(p => p.Type.IsNamed(KnownNames.CancellationToken)) is not { } token)
        {
            return;
        }

        var invocation = (IInvocationOperation)context.Operation;
        if (HasNearerToken(invocation) || FindParameter(invocation, context.Compilation) is not { } parameter)
        {
            return;
        }

        int given = invocation.Arguments.Count(a => a.ArgumentKind == ArgumentKind.Explicit);
        bool positional = given == parameter.Ordinal && !invocation.Arguments.Any(IsNamed);
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty.Add(TokenProperty, token.Name);
        if (!positional)
        {
            properties = properties.Add(NameProperty, parameter.Name);
        }

        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.TokenNotForwarded, invocation.Syntax.GetLocation(), properties, invocation.TargetMethod.Name, token.Name));
    }

    /// <summary>The parameter that would take the token: an optional one that was left out, or the last one of an overload.</summary>
    private static IParameterSymbol? FindParameter(IInvocationOperation invocation, Compilation compilation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        if (method.Parameters.FirstOrDefault(p => p.Type.IsNamed(KnownNames.CancellationToken)) is { } own)
        {
            IArgumentOperation? argument = invocation.Arguments.FirstOrDefault(a => SymbolEqualityComparer.Default.Equals(a.Parameter, own));
            return argument is { ArgumentKind: ArgumentKind.DefaultValue } ? own : null;
        }

        if (method.Parameters.Any(p => p.IsParams || p.Type is INamedTypeSymbol { TypeKind: TypeKind.Error }))
        {
            return null;
        }

        foreach (IMethodSymbol overload in method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>())
        {
            IMethodSymbol candidate = overload;
            if (overload.TypeParameters.Length != method.TypeParameters.Length
                || overload.IsStatic != method.IsStatic
                || overload.Parameters.Length != method.Parameters.Length + 1
                || !compilation.IsSymbolAccessibleWithin(overload, invocation.SemanticModel!.GetEnclosingSymbol(invocation.Syntax.SpanStart)!.ContainingType))
            {
                continue;
            }

            if (overload.IsGenericMethod)
            {
                candidate = overload.Construct([.. method.TypeArguments]);
            }

            IParameterSymbol last = candidate.Parameters[candidate.Parameters.Length - 1];
            if (last.Type.IsNamed(KnownNames.CancellationToken)
                && SymbolEqualityComparer.Default.Equals(candidate.ReturnType, method.ReturnType)
                && method.Parameters.Select(p => p.Type).SequenceEqual(candidate.Parameters.Take(method.Parameters.Length).Select(p => p.Type), SymbolEqualityComparer.Default))
            {
                return last;
            }
        }

        return null;
    }

    /// <summary>A lambda or local function with a token of its own is not the listener's business.</summary>
    private static bool HasNearerToken(IOperation operation)
    {
        for (IOperation? current = operation.Parent; current is not null; current = current.Parent)
        {
            IMethodSymbol? nested = current switch
            {
                IAnonymousFunctionOperation function => function.Symbol,
                ILocalFunctionOperation function => function.Symbol,
                _ => null,
            };
            if (nested is not null && (nested.IsStatic || nested.Parameters.Any(p => p.Type.IsNamed(KnownNames.CancellationToken))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamed(IArgumentOperation argument) => argument.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.ArgumentSyntax { NameColon: not null };

    private static bool IsHandler(IMethodSymbol method) => method.Name == "HandleAsync"
        ? method.ContainingType.AllInterfaces.Any(IsListener)
        : method.ExplicitInterfaceImplementations.Any(m => IsListener(m.ContainingType));

    private static bool IsListener(INamedTypeSymbol type) => type.IsNamed(KnownNames.Listener) || type.IsNamed(KnownNames.AnsweringListener);
}

using Ipc.Generators.Common;
using Ipc.Generators.Listeners.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>
/// Chooses the constructor that emitted code calls: the one with <c>[ActivatorUtilitiesConstructor]</c>, else the public one with the most
/// parameters. Unlike the container at run time it never falls back to a shorter one: the choice is visible in the source.
/// </summary>
internal static class ListenerConstructor
{
    /// <summary>Reads the chosen constructor's parameters.</summary>
    /// <param name="type">The listener.</param>
    /// <param name="parameters">What the constructor takes.</param>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? TryRead(INamedTypeSymbol type, out EquatableArray<ConstructorParameter> parameters)
    {
        parameters = default;
        string? problem = TryChoose(type, out IMethodSymbol? constructor);
        if (constructor is null)
        {
            return problem;
        }

        if (type.RequiredMembers().FirstOrDefault() is { } member && constructor.FindAttribute(KnownNames.SetsRequiredMembers) is null)
        {
            return $"its member '{member.Name}' is required, and the container cannot set it; take it as a constructor parameter";
        }

        var models = new List<ConstructorParameter>(constructor.Parameters.Length);
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            if (TryReadParameter(parameter, out ConstructorParameter? model) is { } unusable)
            {
                return unusable;
            }

            models.Add(model!);
        }

        parameters = models.ToEquatableArray();
        return null;
    }

    private static string? TryChoose(INamedTypeSymbol type, out IMethodSymbol? chosen)
    {
        chosen = null;
        IMethodSymbol[] marked = type.InstanceConstructors.Where(c => c.FindAttribute(KnownNames.ActivatorUtilitiesConstructor) is not null).ToArray();
        if (marked.Length > 1)
        {
            return "[ActivatorUtilitiesConstructor] stands on more than one constructor";
        }

        if (marked.Length == 1)
        {
            if (marked[0].DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
            {
                chosen = marked[0];
                return null;
            }

            return "its [ActivatorUtilitiesConstructor] constructor is not public";
        }

        IMethodSymbol[] candidates = type.InstanceConstructors.Where(c => c.DeclaredAccessibility == Accessibility.Public).ToArray();
        if (candidates.Length == 0)
        {
            return "it has no public constructor";
        }

        int most = candidates.Max(c => c.Parameters.Length);
        IMethodSymbol[] longest = candidates.Where(c => c.Parameters.Length == most).ToArray();
        if (longest.Length > 1)
        {
            return $"{longest.Length} public constructors take {most} parameters; mark the one to use with [ActivatorUtilitiesConstructor]";
        }

        chosen = longest[0];
        return null;
    }

    private static string? TryReadParameter(IParameterSymbol parameter, out ConstructorParameter? model)
    {
        model = null;
        ITypeSymbol type = parameter.Type;
        if (parameter.RefKind != RefKind.None || type.IsRefLikeType || type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)
        {
            return $"its parameter '{parameter.Name}' is by reference, a ref struct or a pointer, which no container has";
        }

        string name = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        string? fallback = parameter.HasExplicitDefaultValue ? Literals.Default(parameter) ?? $"default({name})" : null;
        if (parameter.FindAttribute(KnownNames.FromKeyedServices) is { } keyed)
        {
            if (keyed.ConstructorArguments.Length != 1)
            {
                return $"[FromKeyedServices] on its parameter '{parameter.Name}' names no key";
            }

            if (Literals.Of(keyed.ConstructorArguments[0]) is not { } key)
            {
                return $"the key in [FromKeyedServices] on its parameter '{parameter.Name}' is an array, which equals no other; use a text, a number, an enum's value or a type";
            }

            model = new ConstructorParameter(name, ParameterSource.KeyedService, key, fallback);
            return null;
        }

        if (type.IsNamed("System.IServiceProvider"))
        {
            model = new ConstructorParameter(name, ParameterSource.Provider, null, null);
            return null;
        }

        if (fallback is null && (type.IsValueType || type.SpecialType == SpecialType.System_String))
        {
            return $"its parameter '{parameter.Name}' is a {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, which no container has; take options or a keyed service, or give it a default";
        }

        model = new ConstructorParameter(name, ParameterSource.Service, null, fallback);
        return null;
    }
}

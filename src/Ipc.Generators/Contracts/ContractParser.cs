using Ipc.Generators.Common;
using Ipc.Generators.Contracts.Model;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners;
using Ipc.Generators.Messages;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Contracts;

/// <summary>Reads a contract. The generator takes the model, of a contract without faults only; the analyzer takes the diagnostics.</summary>
/// <param name="type">The interface.</param>
/// <param name="report">Takes the diagnostics, or <see langword="null"/>.</param>
/// <param name="cancellationToken">Gives up.</param>
internal sealed partial class ContractParser(INamedTypeSymbol type, Action<Diagnostic>? report, CancellationToken cancellationToken)
{
    private readonly IAssemblySymbol _assembly = type.ContainingAssembly;
    private readonly ValueParser _values = new(type.ContainingAssembly);
    private readonly List<INamedTypeSymbol> _travelling = [];
    private readonly List<ValueModel> _bare = [];
    private bool _isWrong;

    private string Space => $"{KnownNames.GeneratedNamespace}.{Names.AssemblyNamespace(_assembly.Name)}";

    private string Class => Names.Mangle(type.FullName()) + "_Contract";

    /// <summary>The message types that a contract names, whether it can be emitted or not.</summary>
    public static IReadOnlyList<INamedTypeSymbol> Messages(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var parser = new ContractParser(type, report: null, cancellationToken);
        parser.Parse();
        return parser._travelling;
    }

    /// <summary>Reads the contract.</summary>
    /// <returns>The model, or <see langword="null"/> when anything is wrong with it.</returns>
    public ContractModel? Parse()
    {
        if (Obstacle() is { } obstacle)
        {
            Report(DiagnosticDescriptors.ContractNotSupported, type, type.Name, obstacle);
            return null;
        }

        string name = type.FindAttribute(KnownNames.ServiceAttribute) is { ConstructorArguments: { Length: 1 } arguments } && arguments[0].Value is string given ? given : type.Name;
        if (string.IsNullOrWhiteSpace(name))
        {
            Report(DiagnosticDescriptors.ContractNotSupported, type, type.Name, "named with an empty text; name it, for example [IpcService(\"calc\")], or leave the argument out");
            return null;
        }

        return Parse(name);
    }

    private bool AllowsClients() =>
        type.FindAttribute(KnownNames.ServiceAttribute)?.NamedArguments.Any(argument => argument.Key == "AllowClients" && argument.Value.Value is true) == true;

    private ContractModel? Parse(string name)
    {
        var methods = new List<ContractMethodModel>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var actions = new HashSet<string>(StringComparer.Ordinal);
        foreach (INamedTypeSymbol face in Faces())
        {
            foreach (ISymbol member in face.GetMembers())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!IsCalled(member, out IMethodSymbol? method))
                {
                    continue;
                }

                string action = names.Add(method!.Name) ? $"{name}.{method.Name}" : $"{name}.{method.Name}({Discriminator(method)})";
                if (!actions.Add(action))
                {
                    Report(DiagnosticDescriptors.ContractMember, method, method.Name, type.Name, "it is inherited twice, from interfaces that know nothing of each other");
                    continue;
                }

                if (ParseMethod(face, method, action, methods.Count) is { } model)
                {
                    methods.Add(model);
                }
            }
        }

        return _isWrong || _travelling.Any(IsRefused) ? null : new ContractModel(
            type.FullName(), MessageNames.TypeName(type), name, Space, Class, methods.ToEquatableArray(), _bare.ToEquatableArray(), AllowsClients());
    }

    /// <summary>Why no code can name the interface, or <see langword="null"/>.</summary>
    private string? Obstacle() =>
        type.IsOpenGeneric() ? "generic, or inside a generic type; nobody says which type is meant"
        : !type.IsReachableInAssembly() ? "private, protected or local to its file, directly or through a type around it"
        : null;

    /// <summary>The interface and those that it inherits.</summary>
    private IEnumerable<INamedTypeSymbol> Faces() =>
        new[] { type }.Concat(type.AllInterfaces.OrderBy(face => face.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), StringComparer.Ordinal));

    /// <summary>Whether a member is a method that is called in the other process; a member that is neither that nor harmless is reported.</summary>
    private bool IsCalled(ISymbol member, out IMethodSymbol? method)
    {
        method = member as IMethodSymbol;
        if (!member.IsAbstract || method is { AssociatedSymbol: not null } || type.FindImplementationForInterfaceMember(member) is { IsAbstract: false })
        {
            return false; // has a body, here or in an interface on the way, and so stays where it is called; is a type or a constant; or belongs to a property or an event
        }

        string? reason = member switch
        {
            { IsStatic: true } => "it is static, and the implementation in another process is an instance",
            IPropertySymbol => "a property or an indexer cannot wait for another process; make it a method",
            IEventSymbol => "an event cannot cross; make it a method that returns IAsyncEnumerable",
            IMethodSymbol { IsGenericMethod: true } => "it is generic, and which types it will be called with is not known here",
            IMethodSymbol { ReturnsByRef: true } or IMethodSymbol { ReturnsByRefReadonly: true } => "it returns by reference",
            IMethodSymbol when IsDisposal(member) => "a call cannot dispose what lives in another process; end it by a method of another name, or leave IAsyncDisposable to the implementation",
            _ => null,
        };
        if (reason is not null)
        {
            Report(DiagnosticDescriptors.ContractMember, member, member.Name, type.Name, reason);
            return false;
        }

        return method is { MethodKind: MethodKind.Ordinary };
    }

    private static bool IsDisposal(ISymbol member) => member.ContainingType.IsNamed("System.IDisposable") || member.ContainingType.IsNamed("System.IAsyncDisposable");

    /// <summary>What tells a further overload from those before it.</summary>
    private static string Discriminator(IMethodSymbol method) => string.Join(
        ",",
        method.Parameters.Select(parameter => parameter.Type
            .ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted))));

    private static string Short(ISymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private void Report(DiagnosticDescriptor rule, ISymbol where, params object[] arguments)
    {
        _isWrong = true;
        if (report is not null)
        {
            // A member of an inherited interface may be in another assembly, and is right where it stands.
            bool isOwn = SymbolEqualityComparer.Default.Equals(where.ContainingType, type);
            report(Diagnostic.Create(rule, (isOwn ? where : type).Locations.FirstOrDefault(), arguments));
        }
    }
}

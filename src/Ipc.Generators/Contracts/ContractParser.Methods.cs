using Ipc.Generators.Common;
using Ipc.Generators.Contracts.Model;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners;
using Ipc.Generators.Messages;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Contracts;

/// <content>What a method takes and gives.</content>
internal sealed partial class ContractParser
{
    private ContractMethodModel? ParseMethod(INamedTypeSymbol face, IMethodSymbol method, string action, int number)
    {
        if (ParseShape(method) is not { } shape)
        {
            return null;
        }

        ITypeSymbol? result = method.ReturnType is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } ? arguments[0] : null;
        string? serializer = result is null ? null : Serializer(result, () => Report(
            DiagnosticDescriptors.ContractReturnType, method, method.Name, type.Name, $"{Short(method.ReturnType)}, and '{Short(result)}' cannot travel"));
        ITypeSymbol? item = null;
        string? itemSerializer = null;
        var parameters = new List<ContractParameterModel>(method.Parameters.Length);
        var members = new List<MemberModel>(method.Parameters.Length);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            ParseParameter(method, parameter, parameters, members);
            if (parameters.Count > 0 && parameters[parameters.Count - 1] is { Role: ContractParameterRole.Items } last && last.Name == parameter.Name)
            {
                item = ((INamedTypeSymbol)parameter.Type).TypeArguments[0];
                itemSerializer = Serializer(item, () => ReportType(method, parameter));
            }
        }

        int streams = parameters.Count(parameter => parameter.Role == ContractParameterRole.Items) + (shape == ContractMethodShape.Stream ? 1 : 0);
        if (streams > 1)
        {
            Report(DiagnosticDescriptors.ContractCall, method, method.Name, type.Name, "has several streams, and a call has one, in one direction; split the method, or put the items into one stream");
        }

        if (parameters.Count(parameter => parameter.Role == ContractParameterRole.Token) > 1)
        {
            Report(DiagnosticDescriptors.ContractCall, method, method.Name, type.Name, "takes several cancellation tokens, and a call is cancelled once; link them where it is called");
        }

        string requestClass = RequestClass(method, number);
        return _isWrong ? null : new ContractMethodModel(
            MessageNames.TypeName(face),
            method.Name,
            method.ReturnType.ToDisplayString(TypeRef.Format),
            shape,
            parameters.ToEquatableArray(),
            Request(action, requestClass, members),
            requestClass,
            result?.ToDisplayString(TypeRef.Format),
            serializer,
            item?.ToDisplayString(TypeRef.Format),
            itemSerializer);
    }

    /// <summary>A name that no other method's message has, whatever the names end with, nor a property of its own.</summary>
    private static string RequestClass(IMethodSymbol method, int number)
    {
        string name = $"{method.Name}_{number}";
        while (method.Parameters.Any(parameter => parameter.Name == name))
        {
            name += "_";
        }

        return name;
    }

    private ContractMethodShape? ParseShape(IMethodSymbol method)
    {
        ITypeSymbol returned = method.ReturnType;
        if (returned.IsNamed("System.Threading.Tasks.ValueTask") || returned.IsNamed("System.Threading.Tasks.ValueTask`1"))
        {
            return ContractMethodShape.ValueTask;
        }

        if (returned.IsNamed("System.Threading.Tasks.Task") || returned.IsNamed("System.Threading.Tasks.Task`1"))
        {
            return ContractMethodShape.Task;
        }

        if (returned.IsNamed(KnownNames.AsyncEnumerable))
        {
            return ContractMethodShape.Stream;
        }

        if (IsUnknown(returned))
        {
            return null;
        }

        Report(DiagnosticDescriptors.ContractReturnType, method, method.Name, type.Name, Short(returned));
        return null;
    }

    private void ParseParameter(IMethodSymbol method, IParameterSymbol parameter, List<ContractParameterModel> parameters, List<MemberModel> members)
    {
        if (parameter.RefKind != RefKind.None)
        {
            Report(DiagnosticDescriptors.ContractParameter, parameter, parameter.Name, method.Name, type.Name, "is passed by reference, and the other process has no part in this one's memory; return it instead");
            return;
        }

        string written = parameter.Type.ToDisplayString(TypeRef.Format);
        if (parameter.Type.IsNamed(KnownNames.CancellationToken))
        {
            parameters.Add(new ContractParameterModel(parameter.Name, written, ContractParameterRole.Token));
            return;
        }

        if (parameter.Type.IsNamed(KnownNames.AsyncEnumerable))
        {
            parameters.Add(new ContractParameterModel(parameter.Name, written, ContractParameterRole.Items));
            return;
        }

        if (_values.Parse(parameter.Type, _travelling.Add) is not { } value)
        {
            if (!IsUnknown(parameter.Type))
            {
                ReportType(method, parameter);
            }

            return;
        }

        parameters.Add(new ContractParameterModel(parameter.Name, written, ContractParameterRole.Value));
        members.Add(new MemberModel(
            parameter.Name,
            members.Count,
            parameter.Name,
            value,
            parameter.Name,
            parameter.HasExplicitDefaultValue ? Literals.Default(parameter) : null,
            MemberAssignment.Constructor,
            HasInitializer: false,
            IsRequired: false,
            parameter.Type is { IsReferenceType: true, NullableAnnotation: not NullableAnnotation.NotAnnotated }));
    }

    private void ReportType(IMethodSymbol method, IParameterSymbol parameter) => Report(
        DiagnosticDescriptors.ContractParameter, parameter, parameter.Name, method.Name, type.Name,
        $"has the type '{Short(parameter.Type)}', which cannot travel; make it a [Message] or use a supported type");

    /// <summary>The expression of the serializer of a result or an item.</summary>
    private string? Serializer(ITypeSymbol result, Action reportType)
    {
        if (_values.Parse(result, _travelling.Add) is not { } value)
        {
            if (!IsUnknown(result))
            {
                reportType();
            }

            return null;
        }

        if (SerializerExpression.For(result) is { } known)
        {
            return known;
        }

        int index = _bare.FindIndex(other => other.Type == value.Type);
        if (index < 0)
        {
            index = _bare.Count;
            _bare.Add(value);
        }

        return $"{BareClass(index)}.Instance";
    }

    /// <summary>Whether the compiler has something to say about a type already.</summary>
    private bool IsUnknown(ITypeSymbol unknown)
    {
        bool isUnknown = unknown switch
        {
            { TypeKind: TypeKind.Error } => true,
            IArrayTypeSymbol array => IsUnknown(array.ElementType),
            INamedTypeSymbol named => named.TypeArguments.Any(IsUnknown),
            _ => false,
        };
        _isWrong |= isUnknown;
        return isUnknown;
    }

    /// <summary>Whether a message's serializer cannot be emitted; another diagnostic says why.</summary>
    private bool IsRefused(INamedTypeSymbol travelling) => KnownAttributes.IsMessage(travelling)
        ? SymbolEqualityComparer.Default.Equals(travelling.ContainingAssembly, _assembly) && !MessageParser.CanBeExtended(travelling)
        : KnownAttributes.IsForeignMessage(travelling) && MessageGraph.Of(_assembly).Resolve(travelling, cancellationToken).Cause is not null;

    private MessageModel Request(string action, string requestClass, List<MemberModel> members) => new(
        $"{type.FullName()}.{requestClass}",
        $"global::{Space}.{Class}.{requestClass}",
        Space,
        new[] { requestClass }.ToEquatableArray(),
        action,
        IsStruct: true,
        IsMap: false,
        IsUnion: false,
        members.Count,
        members.ToEquatableArray(),
        Cases: default,
        Guarded: false,
        $"global::{Space}.{Class}.{requestClass}.{MessageNames.NestedSerializer}.Instance",
        IsReachable: true,
        IsPublic: false,
        Response: null,
        Refusal: null,
        Foreign: default);

    /// <summary>The name of the serializer of a result that is no message.</summary>
    internal static string BareClass(int index) => $"Value{index}Serializer";
}

using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Diagnostics;

/// <content>The rules about contracts. Ids are stable; each has a page under docs/diagnostics.</content>
internal static partial class DiagnosticDescriptors
{
    private const string ContractCategory = "Ipc.Contracts";

    public static readonly DiagnosticDescriptor ContractNotSupported = ContractRule(
        "IPC2001", "Interface cannot be a contract",
        "'{0}' cannot be a contract: it is {1}");

    public static readonly DiagnosticDescriptor ContractMember = ContractRule(
        "IPC2002", "Member of a contract cannot cross",
        "'{0}' of '{1}' cannot be called in another process: {2}");

    public static readonly DiagnosticDescriptor ContractReturnType = ContractRule(
        "IPC2003", "Method of a contract returns what cannot cross",
        "'{0}' of '{1}' returns {2}; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable");

    public static readonly DiagnosticDescriptor ContractParameter = ContractRule(
        "IPC2004", "Parameter of a contract cannot cross",
        "'{0}' of '{2}.{1}' {3}");

    public static readonly DiagnosticDescriptor ContractCall = ContractRule(
        "IPC2005", "Method of a contract takes too much",
        "'{0}' of '{1}' {2}");

    private static DiagnosticDescriptor ContractRule(string id, string title, string message) =>
        new(id, title, message, ContractCategory, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: $"docs/diagnostics/{id}.md");
}

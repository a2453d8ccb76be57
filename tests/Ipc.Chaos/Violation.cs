namespace Ipc.Chaos;

/// <summary>A law that did not hold, and the ledger lines that show it.</summary>
internal sealed record Violation(int Law, string What, params LedgerLine[] Lines);

namespace Ipc.Generators.Contracts.Model;

/// <summary>What a method of a contract returns.</summary>
internal enum ContractMethodShape
{
    /// <summary>A <c>ValueTask</c>, with a result or without.</summary>
    ValueTask,

    /// <summary>A <c>Task</c>, with a result or without.</summary>
    Task,

    /// <summary>An <c>IAsyncEnumerable</c>; the result is its item.</summary>
    Stream,
}

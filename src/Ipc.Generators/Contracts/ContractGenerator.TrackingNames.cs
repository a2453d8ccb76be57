namespace Ipc.Generators.Contracts;

public sealed partial class ContractGenerator
{
    /// <summary>Names of the pipeline's steps, for the tests of caching.</summary>
    internal static class TrackingNames
    {
        public const string Contracts = "Ipc.Contracts";
        public const string Clashes = "Ipc.ContractClashes";
    }
}

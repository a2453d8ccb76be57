namespace Ipc.Generators.Wiring;

public sealed partial class WiringGenerator
{
    /// <summary>Names of the pipeline's steps, for the tests of caching.</summary>
    internal static class TrackingNames
    {
        public const string Calls = "Ipc.WiringCalls";
        public const string Wiring = "Ipc.Wiring";
    }
}

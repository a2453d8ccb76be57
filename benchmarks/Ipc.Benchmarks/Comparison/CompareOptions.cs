using System.Diagnostics.CodeAnalysis;

namespace Ipc.Benchmarks.Comparison;

/// <summary>How a comparison is asked for.</summary>
/// <param name="IsJson">Whether nothing but one JSON object per row goes to the output.</param>
/// <param name="IsQuick">Whether two sizes and two rounds are enough; writes no page.</param>
internal sealed record CompareOptions(bool IsJson, bool IsQuick)
{
    private const string Json = "--json";
    private const string Quick = "--quick";

    /// <summary>Reads the command line.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out CompareOptions? options)
    {
        options = arguments.Except([Json, Quick]).Any() ? null : new CompareOptions(arguments.Contains(Json), arguments.Contains(Quick));
        return options is not null;
    }
}

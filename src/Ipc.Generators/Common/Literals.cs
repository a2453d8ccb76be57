using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ipc.Generators.Common;

/// <summary>Writes constants into emitted code.</summary>
internal static class Literals
{
    /// <summary>The default of an optional parameter as an expression of its type; <see langword="null"/> when it is null or all zeros.</summary>
    public static string? Default(IParameterSymbol parameter)
    {
        if (parameter.ExplicitDefaultValue is not { } value)
        {
            return null;
        }

        return Of(value, parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : parameter.Type);
    }

    /// <summary>An attribute's argument; <see langword="null"/> for an array, which is no constant.</summary>
    public static string? Of(TypedConstant constant) => constant switch
    {
        { IsNull: true } => "null",
        { Kind: TypedConstantKind.Array or TypedConstantKind.Error } => null,
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => $"typeof({type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)})",
        _ => Of(constant.Value!, constant.Type!),
    };

    private static string Of(object value, ITypeSymbol type)
    {
        string literal = value switch
        {
            string text => Names.Literal(text),
            bool flag => flag ? "true" : "false",
            char character => SymbolDisplay.FormatLiteral(character, quote: true),
            float.NaN => "float.NaN",
            float.PositiveInfinity => "float.PositiveInfinity",
            float.NegativeInfinity => "float.NegativeInfinity",
            double.NaN => "double.NaN",
            double.PositiveInfinity => "double.PositiveInfinity",
            double.NegativeInfinity => "double.NegativeInfinity",
            float number => number.ToString("R", CultureInfo.InvariantCulture) + "F",
            double number => number.ToString("R", CultureInfo.InvariantCulture) + "D",
            decimal number => number.ToString(CultureInfo.InvariantCulture) + "M",
            ulong number => number.ToString(CultureInfo.InvariantCulture) + "UL",
            DateTime time => $"new global::System.DateTime({time.Ticks.ToString(CultureInfo.InvariantCulture)}L)",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
        return type.SpecialType == SpecialType.System_String ? literal : $"({type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)})({literal})";
    }
}

using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <summary>Finds out how a type travels inside a message.</summary>
/// <param name="assembly">The assembly that code is emitted into.</param>
internal sealed class ValueParser(IAssemblySymbol assembly)
{
    private const string ShapePrefix = "global::Ipc.Serialization.MessageShape.";
    private const int LargestTuple = 7;

    /// <summary>Describes a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="nested">Takes the message types inside it.</param>
    /// <returns><see langword="null"/> when it cannot travel.</returns>
    public ValueModel? Parse(ITypeSymbol type, Action<INamedTypeSymbol> nested) => type switch
    {
        IArrayTypeSymbol array => ParseArray(array, nested),
        INamedTypeSymbol { TypeKind: TypeKind.Error } => null,
        INamedTypeSymbol named => ParsePrimitive(named) ?? ParseNamed(named, nested),
        _ => null,
    };

    private static ValueModel Leaf(ValueKind kind, ITypeSymbol type, string text, string shape) =>
        new(kind, type.ToDisplayString(TypeRef.Format), type.IsReferenceType, text, shape, default);

    private static ValueModel Primitive(ITypeSymbol type, string reader, string shape) =>
        Leaf(ValueKind.Primitive, type, reader, ShapePrefix + shape);

    private ValueModel? Composite(ValueKind kind, ITypeSymbol type, Action<INamedTypeSymbol> nested, params ITypeSymbol[] inner)
    {
        var items = new List<ValueModel>(inner.Length);
        foreach (ITypeSymbol item in inner)
        {
            if (Parse(item, nested) is not { } model)
            {
                return null;
            }

            items.Add(model);
        }

        return new(kind, type.ToDisplayString(TypeRef.Format), type.IsReferenceType, "", "", items.ToEquatableArray());
    }

    private ValueModel? ParseArray(IArrayTypeSymbol array, Action<INamedTypeSymbol> nested)
    {
        if (array.Rank != 1)
        {
            return null;
        }

        return array.ElementType.SpecialType == SpecialType.System_Byte
            ? Primitive(array, "Bytes", "Binary")
            : Composite(ValueKind.Array, array, nested, array.ElementType);
    }

    private static ValueModel? ParsePrimitive(INamedTypeSymbol type)
    {
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean:
                return Primitive(type, "Boolean", "Boolean");
            case SpecialType.System_Char:
                return Primitive(type, "Char", "Char");
            case SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16
                or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64:
                return Primitive(type, type.MetadataName, "Integer");
            case SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal or SpecialType.System_String or SpecialType.System_DateTime:
                return Primitive(type, type.MetadataName, type.MetadataName);
        }

        switch (type.FullName())
        {
            case "System.Guid" or "System.DateTimeOffset" or "System.TimeSpan" or "System.DateOnly" or "System.TimeOnly" or "System.Uri":
                return Primitive(type, type.MetadataName, type.MetadataName);
            case "System.Int128" or "System.UInt128":
                return Primitive(type, type.MetadataName, "LargeInteger");
            case "System.Half":
                return Primitive(type, "Half", "Single");
            case "Ipc.MessageBody":
                return Leaf(ValueKind.Nested, type, "global::Ipc.Serialization.BuiltInSerializers.Body", "");
            case "Ipc.MessageBytes":
                return Primitive(type, "MessageBytes", "Binary");
            case "System.Memory`1" or "System.ReadOnlyMemory`1":
                return type.TypeArguments[0].SpecialType == SpecialType.System_Byte ? Primitive(type, "Memory", "Binary") : null;
            default:
                return null;
        }
    }

    private ValueModel? ParseNamed(INamedTypeSymbol type, Action<INamedTypeSymbol> nested)
    {
        if (type.TypeKind == TypeKind.Enum)
        {
            return Leaf(ValueKind.Enumeration, type, type.EnumUnderlyingType!.MetadataName, EnumerationShape(type));
        }

        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return Composite(ValueKind.NullableValue, type, nested, type.TypeArguments[0]);
        }

        if (MessageNames.Serializer(type, assembly) is { } serializer)
        {
            nested(type);
            return new(ValueKind.Nested, type.ToDisplayString(TypeRef.Format), type.IsReferenceType, serializer, serializer + ".Shape", default);
        }

        if (type.IsTupleType)
        {
            ITypeSymbol[] elements = type.TupleElements.Select(element => element.Type).ToArray();
            return elements.Length <= LargestTuple ? Composite(ValueKind.Tuple, type, nested, elements) : null;
        }

        return type.IsGenericType ? ParseGeneric(type, nested, type.TypeArguments.ToArray()) : null;
    }

    private ValueModel? ParseGeneric(INamedTypeSymbol type, Action<INamedTypeSymbol> nested, ITypeSymbol[] arguments) => type.FullName() switch
    {
        "System.Collections.Generic.List`1" or "System.Collections.Generic.IList`1" or "System.Collections.Generic.ICollection`1" =>
            Composite(ValueKind.List, type, nested, arguments),
        "System.Collections.Generic.IEnumerable`1" or "System.Collections.Generic.IReadOnlyList`1" or "System.Collections.Generic.IReadOnlyCollection`1" =>
            Composite(ValueKind.Enumerable, type, nested, arguments),
        "System.Collections.Immutable.ImmutableArray`1" => Composite(ValueKind.ImmutableArray, type, nested, arguments),
        "System.Collections.Generic.HashSet`1" or "System.Collections.Generic.ISet`1" or "System.Collections.Generic.IReadOnlySet`1" =>
            Composite(ValueKind.Set, type, nested, arguments),
        "System.Collections.Generic.Dictionary`2" or "System.Collections.Generic.IDictionary`2" or "System.Collections.Generic.IReadOnlyDictionary`2" =>
            Composite(ValueKind.Dictionary, type, nested, arguments),
        "System.Collections.Generic.KeyValuePair`2" or "System.ValueTuple`1" or "System.Tuple`1" or "System.Tuple`2" or "System.Tuple`3"
            or "System.Tuple`4" or "System.Tuple`5" or "System.Tuple`6" or "System.Tuple`7" => Composite(ValueKind.Tuple, type, nested, arguments),
        _ => null,
    };

    private static string EnumerationShape(INamedTypeSymbol type)
    {
        bool isUnsigned = type.EnumUnderlyingType!.SpecialType is SpecialType.System_Byte or SpecialType.System_UInt16
            or SpecialType.System_UInt32 or SpecialType.System_UInt64;
        IEnumerable<string> names = type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue).Select(field =>
        {
            long number = field.ConstantValue is ulong large ? unchecked((long)large) : Convert.ToInt64(field.ConstantValue, System.Globalization.CultureInfo.InvariantCulture);
            string text = number == long.MinValue ? "long.MinValue" : number.ToString(System.Globalization.CultureInfo.InvariantCulture) + "L";
            return $"new global::System.Collections.Generic.KeyValuePair<string, long>({Names.Literal(field.Name)}, {text})"; // of one alone, new(...) would be an array
        });
        return $"{ShapePrefix}Enumeration({(isUnsigned ? "true" : "false")}{string.Concat(names.Select(name => ", " + name))})";
    }
}

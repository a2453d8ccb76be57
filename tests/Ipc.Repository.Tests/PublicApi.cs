using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ipc.Repository.Tests;

/// <summary>Writes what an assembly shows to others as text: one line per type and member, sorted, so that a difference is easy to review.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The text of an assembly.</summary>
    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetTypes().Where(IsShown).OrderBy(FullName, StringComparer.Ordinal))
        {
            text.Append(TypeLine(type)).Append('\n');
            foreach (string member in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool IsShown(Type type) =>
        (type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsShown(type.DeclaringType!)))
        && !type.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string TypeLine(Type type)
    {
        if (type.IsEnum)
        {
            return $"enum {FullName(type)} : {Name(Enum.GetUnderlyingType(type))}";
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"delegate {Name(invoke.ReturnType)} {FullName(type)}({Parameters(invoke)})";
        }

        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsValueType: true } => (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref struct" : "struct"),
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<Type> bases = (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [parent] : Type.EmptyTypes)
            .Concat(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).OrderBy(FullName, StringComparer.Ordinal));
        string list = string.Join(", ", bases.Select(Name));
        return $"{kind} {FullName(type)}{(list.Length == 0 ? "" : " : " + list)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => $"{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }

        return type.GetMembers(Declared).Select(Line).OfType<string>();
    }

    private static string? Line(MemberInfo member) => member switch
    {
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not PropertyInfo && !member.Name.StartsWith("op_", StringComparison.Ordinal) => null,
        FieldInfo field when IsShown(field.IsPublic, field.IsFamily || field.IsFamilyOrAssembly) =>
            $"{Access(field.IsPublic)}{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)}{Mark(Nullability.Create(field))} {field.Name}",
        ConstructorInfo constructor when IsShown(constructor) => $"{Access(constructor.IsPublic)}new({Parameters(constructor)})",
        PropertyInfo property => Property(property),
        EventInfo { AddMethod: { } add } occurrence when IsShown(add) => $"{Access(add.IsPublic)}event {Name(occurrence.EventHandlerType!)} {occurrence.Name}",
        MethodInfo { IsSpecialName: false } method when IsShown(method) => Method(method),
        MethodInfo { IsSpecialName: true } method when IsShown(method) && method.Name.StartsWith("op_", StringComparison.Ordinal) => Method(method),
        _ => null,
    };

    private static string Method(MethodInfo method) =>
        $"{Access(method.IsPublic)}{Modifiers(method)}{Name(method.ReturnType)}{Mark(Nullability.Create(method.ReturnParameter))} {method.Name}{TypeParameters(method)}({Parameters(method)})";

    private static string? Property(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsShown)];
        if (accessors.Length == 0)
        {
            return null;
        }

        string parameters = string.Join(", ", property.GetIndexParameters().Select(Parameter));
        string get = accessors.Any(accessor => accessor.ReturnType != typeof(void)) ? "get; " : "";
        string set = !accessors.Any(accessor => accessor.ReturnType == typeof(void)) ? ""
            : property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string name = parameters.Length == 0 ? property.Name : $"this[{parameters}]";
        return $"{Access(accessors[0].IsPublic)}{Modifiers(accessors[0])}{required}{Name(property.PropertyType)}{Mark(Nullability.Create(property))} {name} {{ {get}{set}}}";
    }

    private static bool IsShown(MethodBase method) => IsShown(method.IsPublic, method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsShown(bool isPublic, bool isProtected) => isPublic || isProtected;

    private static string Access(bool isPublic) => isPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method) => method switch
    {
        { IsStatic: true, IsAbstract: true } => "static abstract ",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => method.DeclaringType!.IsInterface ? "" : "abstract ",
        { IsVirtual: true, IsFinal: false } => method.GetBaseDefinition() == method ? "virtual " : "override ",
        _ => "",
    };

    private static string TypeParameters(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string direction = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true, ParameterType.IsByRef: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ => "",
        };
        string optional = !parameter.HasDefaultValue ? "" : " = " + (parameter.DefaultValue switch
        {
            null => "default",
            string text => $"\"{text}\"",
            bool yes => yes ? "true" : "false",
            object value => Convert.ToString(value, CultureInfo.InvariantCulture),
        });
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        return $"{direction}{Name(type)}{Mark(Nullability.Create(parameter))} {parameter.Name}{optional}";
    }

    /// <summary>The question mark of a reference that may be null; that of a value is part of its type's name.</summary>
    private static string Mark(NullabilityInfo info) =>
        !info.Type.IsValueType && NullabilityState.Nullable == (info.ReadState == NullabilityState.Unknown ? info.WriteState : info.ReadState) ? "?" : "";

    private static string FullName(Type type) => type.DeclaringType is { } outer
        ? FullName(outer) + "." + SimpleName(type)
        : (type.Namespace is null ? "" : type.Namespace + ".") + SimpleName(type);

    private static string SimpleName(Type type)
    {
        string name = type.Name.Split('`')[0];
        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        Type[] own = [.. type.GetGenericArguments().Skip(inherited)];
        return own.Length == 0 ? name : $"{name}<{string.Join(", ", own.Select(Name))}>";
    }

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (type.IsPointer || type.IsByRef)
        {
            return Name(type.GetElementType()!) + (type.IsPointer ? "*" : "&");
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        return Keyword(type) ?? (type.DeclaringType is { } outer ? Name(outer) + "." : "") + SimpleName(type);
    }

    private static string? Keyword(Type type) => type.IsEnum ? null : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Byte => "byte",
        TypeCode.SByte => "sbyte",
        TypeCode.Char => "char",
        TypeCode.Int16 => "short",
        TypeCode.UInt16 => "ushort",
        TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint",
        TypeCode.Int64 => "long",
        TypeCode.UInt64 => "ulong",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        TypeCode.Decimal => "decimal",
        TypeCode.String => "string",
        _ => type == typeof(void) ? "void" : type == typeof(object) ? "object" : null,
    };
}

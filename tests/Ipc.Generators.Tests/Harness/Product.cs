using System.Reflection;

namespace Ipc.Generators.Tests.Harness;

/// <summary>The generators, rules and fixes of the product, so that a new one is in every test by itself.</summary>
internal static class Product
{
    /// <summary>One instance of each class of an assembly that is a <typeparamref name="T"/>, in the order of their names.</summary>
    public static IEnumerable<T> InstancesOf<T>(Assembly assembly) => assembly.GetTypes()
        .Where(t => typeof(T).IsAssignableFrom(t) && !t.IsAbstract)
        .OrderBy(t => t.FullName, StringComparer.Ordinal)
        .Select(t => (T)Activator.CreateInstance(t)!);
}

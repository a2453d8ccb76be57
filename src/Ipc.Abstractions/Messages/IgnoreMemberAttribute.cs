namespace Ipc;

/// <summary>Leaves a member out of its message.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, Inherited = false)]
public sealed class IgnoreMemberAttribute : Attribute;

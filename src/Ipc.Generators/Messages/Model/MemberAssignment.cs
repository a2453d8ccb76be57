namespace Ipc.Generators.Messages.Model;

/// <summary>How a member gets its value when a message is read.</summary>
internal enum MemberAssignment
{
    /// <summary>By a constructor's parameter.</summary>
    Constructor,

    /// <summary>In the object initializer: required and init-only members.</summary>
    Initializer,

    /// <summary>By assignment afterwards, so that its own initial value holds when the message has none.</summary>
    Setter,
}

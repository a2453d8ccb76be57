using Ipc.Generators.Common;

namespace Ipc.Generators.Listeners.Model;

/// <summary>The table of a referenced assembly, as its assembly attribute announces it.</summary>
/// <param name="Type">The table's type with <c>global::</c> in front.</param>
/// <param name="AssemblyName">The assembly.</param>
/// <param name="Actions">The actions that its listeners take.</param>
/// <param name="AnsweredActions">Those of them that one of its listeners answers.</param>
/// <remarks>Equality: by all values.</remarks>
internal sealed record ReferencedTable(string Type, string AssemblyName, EquatableArray<string> Actions, EquatableArray<string> AnsweredActions);

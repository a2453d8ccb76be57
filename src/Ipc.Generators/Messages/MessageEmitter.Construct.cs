using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Messages;

/// <content>How an instance is made of the members that were read.</content>
internal sealed partial class MessageEmitter
{
    private void EmitConstruct()
    {
        if (_message.Guarded)
        {
            EmitGuarded($"{_message.FullName} refuses the values of the message: ", EmitConstructBody);
        }
        else
        {
            EmitConstructBody();
        }
    }

    private void EmitConstructBody()
    {
        foreach (MemberModel member in _message.Members.Where(member => NeedsFlag(member) && member.Assignment == MemberAssignment.Initializer))
        {
            // An init-only member cannot be left out afterwards: its own initial value is taken from a fresh instance.
            int i = IndexOf(member);
            _out.WriteLine($"if (!has{i})");
            _out.Open();
            _out.WriteLine($"member{i} = {Construction(fresh: true)}.{MessageNames.Escape(member.Name)};");
            _out.Close();
            _out.WriteLine();
        }

        List<MemberModel> setters = _message.Members.Where(member => member.Assignment == MemberAssignment.Setter).ToList();
        if (setters.Count == 0)
        {
            _out.WriteLine($"return {Construction(fresh: false)};");
        }
        else
        {
            _out.WriteLine($"{_message.Type} result = {Construction(fresh: false)};");
            foreach (MemberModel member in setters)
            {
                int i = IndexOf(member);
                string assignment = $"result.{MessageNames.Escape(member.Name)} = member{i};";
                if (NeedsFlag(member))
                {
                    _out.WriteLine($"if (has{i})");
                    _out.Open();
                    _out.WriteLine(assignment);
                    _out.Close();
                    _out.WriteLine();
                }
                else
                {
                    _out.WriteLine(assignment);
                }
            }

            _out.WriteLine("return result;");
        }
    }

    /// <summary>The expression that makes an instance.</summary>
    /// <param name="fresh">Whether members with an initial value of their own are left out.</param>
    private string Construction(bool fresh)
    {
        IEnumerable<string> arguments = _message.Members.Where(member => member.Parameter is not null)
            .Select(member => $"{MessageNames.Escape(member.Parameter!)}: member{IndexOf(member)}");
        List<string> initializers = _message.Members
            .Where(member => member.IsRequired || (member.Assignment == MemberAssignment.Initializer && !(fresh && NeedsFlag(member))))
            .Select(member => $"{MessageNames.Escape(member.Name)} = member{IndexOf(member)}")
            .ToList();
        string initializer = initializers.Count == 0 ? "" : $" {{ {string.Join(", ", initializers)} }}";
        return $"new {_message.Type}({string.Join(", ", arguments)}){initializer}";
    }
}

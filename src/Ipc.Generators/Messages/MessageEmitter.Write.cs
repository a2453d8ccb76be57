using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Messages;

/// <content>How a message is written.</content>
internal sealed partial class MessageEmitter
{
    private void EmitWrite()
    {
        EmitWriteNil();
        _out.WriteLine("writer.Descend();");
        if (_message.IsMap)
        {
            _out.WriteLine($"writer.WriteMapHeader({_message.Members.Count});");
            foreach (MemberModel member in _message.Members)
            {
                _out.WriteLine($"writer.WriteUtf8({Names.Literal(member.Key)}u8);");
                _out.WriteLine(Write(member.Value, $"value.{MessageNames.Escape(member.Name)}"));
            }
        }
        else
        {
            _out.WriteLine($"writer.WriteArrayHeader({_message.ArrayLength});");
            int next = 0;
            foreach (MemberModel member in _message.Members)
            {
                for (; next < member.Index; next++)
                {
                    _out.WriteLine("writer.WriteNil();");
                }

                _out.WriteLine(Write(member.Value, $"value.{MessageNames.Escape(member.Name)}"));
                next++;
            }
        }

        _out.WriteLine("writer.Ascend();");
    }

    private void EmitWriteNil()
    {
        if (_message.IsStruct)
        {
            return;
        }

        _out.WriteLine("if (value is null)");
        _out.Open();
        _out.WriteLine("writer.WriteNil();");
        _out.WriteLine("return;");
        _out.Close();
        _out.WriteLine();
    }
}

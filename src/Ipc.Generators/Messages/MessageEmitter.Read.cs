using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Messages;

/// <content>How the members of a message are read.</content>
internal sealed partial class MessageEmitter
{
    private void EmitReadArray()
    {
        EmitReadNil();
        _out.WriteLine("reader.Descend();");
        _out.WriteLine("int count = reader.ReadArrayHeader();");
        EmitLocals();
        int next = 0;
        foreach (MemberModel member in _message.Members)
        {
            for (; next < member.Index; next++)
            {
                _out.WriteLine($"if (count > {next})");
                _out.Open();
                _out.WriteLine("reader.Skip();");
                _out.Close();
                _out.WriteLine();
            }

            string nil = member.NilIsDefault ? " && !reader.TryReadNil()" : "";
            _out.WriteLine($"if (count > {next}{nil})");
            _out.Open();
            EmitReadMember(member);
            _out.Close();
            _out.WriteLine();
            next++;
        }

        _out.WriteLine($"for (int i = {next}; i < count; i++)");
        _out.Open();
        _out.WriteLine("reader.Skip();");
        _out.Close();
        _out.WriteLine();
        _out.WriteLine("reader.Ascend();");
        EmitConstruct();
    }

    private void EmitReadMap()
    {
        EmitReadNil();
        _out.WriteLine("reader.Descend();");
        _out.WriteLine("int count = reader.ReadMapHeader();");
        EmitLocals();
        _out.WriteLine("for (int i = 0; i < count; i++)");
        _out.Open();
        _out.WriteLine("if (reader.NextKind != global::Ipc.Serialization.MessagePackKind.String)");
        _out.Open();
        _out.WriteLine("reader.Skip();");
        _out.WriteLine("reader.Skip();");
        _out.WriteLine("continue;");
        _out.Close();
        _out.WriteLine();
        _out.WriteLine("global::System.ReadOnlySpan<byte> key = reader.ReadUtf8();");
        string turn = "if";
        foreach (MemberModel member in _message.Members)
        {
            _out.WriteLine($"{turn} (global::System.MemoryExtensions.SequenceEqual(key, {Names.Literal(member.Key)}u8))");
            _out.Open();
            EmitReadMember(member);
            _out.Close();
            turn = "else if";
        }

        if (_message.Members.Count > 0)
        {
            _out.WriteLine("else");
            _out.Open();
        }

        _out.WriteLine("reader.Skip();");
        if (_message.Members.Count > 0)
        {
            _out.Close();
        }

        _out.Close();
        _out.WriteLine();
        _out.WriteLine("reader.Ascend();");
        EmitConstruct();
    }

    private void EmitLocals()
    {
        for (int i = 0; i < _message.Members.Count; i++)
        {
            MemberModel member = _message.Members[i];
            _out.WriteLine($"{member.Value.Type} member{i} = {member.Default ?? "default!"};");
            if (NeedsFlag(member))
            {
                _out.WriteLine($"bool has{i} = false;");
            }
        }

        _out.WriteLine();
    }

    /// <summary>Whether it matters if the message had the member: its declaration gives it a value.</summary>
    private static bool NeedsFlag(MemberModel member) => member.HasInitializer && member.Assignment != MemberAssignment.Constructor;

    private void EmitReadMember(MemberModel member)
    {
        int i = IndexOf(member);
        _out.WriteLine($"member{i} = {Read(member.Value)};");
        if (NeedsFlag(member))
        {
            _out.WriteLine($"has{i} = true;");
        }
    }

    private int IndexOf(MemberModel member)
    {
        int i = 0;
        while (!ReferenceEquals(_message.Members[i], member))
        {
            i++;
        }

        return i;
    }

    private void EmitReadNil()
    {
        if (_message.IsStruct)
        {
            return;
        }

        _out.WriteLine("if (reader.TryReadNil())");
        _out.Open();
        _out.WriteLine("return null!;");
        _out.Close();
        _out.WriteLine();
    }
}

using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis.Text;

namespace Ipc.Generators.Messages;

/// <summary>Writes the serializer of one message: inside the type when it is ours, beside it when it is not.</summary>
internal sealed partial class MessageEmitter
{
    private const string Serialization = "global::Ipc.Serialization.";

    private readonly MessageModel _message;
    private readonly SourceWriter _out = new();
    private readonly List<ValueModel> _values = [];

    private MessageEmitter(MessageModel message)
    {
        _message = message;
    }

    /// <summary>Writes the file of a message.</summary>
    public static SourceText Emit(MessageModel message) => new MessageEmitter(message).EmitFile();

    private string ClassName => _message.IsForeign
        ? _message.Serializer.Substring("global::Ipc.Generated.".Length, _message.Serializer.Length - "global::Ipc.Generated.".Length - ".Instance".Length)
        : MessageNames.NestedSerializer;

    private SourceText EmitFile()
    {
        _out.WriteLine(GeneratedCode.Header);
        _out.WriteLine();
        string space = _message.IsForeign ? "Ipc.Generated" : _message.Namespace;
        if (space.Length > 0)
        {
            _out.WriteLine($"namespace {string.Join(".", space.Split('.').Select(MessageNames.Escape))}");
            _out.Open();
        }

        for (int i = 0; i < _message.Declarations.Count; i++)
        {
            bool last = i == _message.Declarations.Count - 1;
            _out.WriteLine(last ? $"{_message.Declarations[i]} : global::Ipc.IMessage<{_message.Type}>" : _message.Declarations[i]);
            _out.Open();
        }

        if (!_message.IsForeign)
        {
            _out.WriteLine($"static {Serialization}MessageSerializer<{_message.Type}> global::Ipc.IMessage<{_message.Type}>.Serializer => {ClassName}.Instance;");
            _out.WriteLine();
        }

        EmitSerializer();
        foreach (string _ in _message.Declarations)
        {
            _out.Close();
        }

        if (space.Length > 0)
        {
            _out.Close();
        }

        if (_message.Response is not null)
        {
            EmitRequestExtension();
        }

        return _out.ToSourceText();
    }

    private void EmitSerializer()
    {
        _out.WriteLine("/// <summary>Writes and reads the message; emitted.</summary>");
        _out.WriteLine(GeneratedCode.Attributes);
        _out.WriteLine("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        _out.WriteLine($"internal sealed class {ClassName} : {Serialization}MessageSerializer<{_message.Type}>");
        _out.Open();
        _out.WriteLine($"internal static readonly {ClassName} Instance = new();");
        _out.WriteLine();
        _out.WriteLine($"private {ClassName}()");
        _out.WriteLine($"    : base({(_message.Action is null ? "null" : Names.Literal(_message.Action))})");
        _out.WriteLine("{");
        _out.WriteLine("}");
        _out.WriteLine();
        if (_message.Refusal is not null)
        {
            EmitRefusal(_message.Refusal);
            _out.Close();
            return;
        }

        EmitShape();
        _out.WriteLine();
        _out.WriteLine($"public override void Write(ref {Serialization}MessagePackWriter writer, {_message.Type} value)");
        _out.Open();
        if (_message.IsUnion)
        {
            EmitUnionWrite();
        }
        else
        {
            EmitWrite();
        }

        _out.Close();
        _out.WriteLine();
        _out.WriteLine($"public override {_message.Type} Read(ref {Serialization}MessagePackReader reader)");
        _out.Open();
        if (_message.IsUnion)
        {
            EmitUnionRead();
        }
        else if (_message.IsMap)
        {
            EmitReadMap();
        }
        else
        {
            EmitReadArray();
        }

        _out.Close();
        EmitHelpers();
        _out.Close();
    }

    /// <summary>A serializer that only says what is wrong, so that code that names it compiles and the diagnostic is the only error.</summary>
    private void EmitRefusal(string refusal)
    {
        _out.WriteLine($"private const string Refusal = {Names.Literal($"{_message.FullName} cannot travel. {refusal}")};");
        _out.WriteLine();
        _out.WriteLine($"public override {Serialization}MessageShape Shape => throw new global::System.NotSupportedException(Refusal);");
        _out.WriteLine();
        _out.WriteLine($"public override void Write(ref {Serialization}MessagePackWriter writer, {_message.Type} value) => throw new global::System.NotSupportedException(Refusal);");
        _out.WriteLine();
        _out.WriteLine($"public override {_message.Type} Read(ref {Serialization}MessagePackReader reader) => throw new global::System.NotSupportedException(Refusal);");
    }

    private void EmitShape()
    {
        _out.WriteLine($"public override {Serialization}MessageShape Shape {{ get; }} = {ShapeExpression()};");
    }

    private string ShapeExpression()
    {
        if (_message.IsUnion)
        {
            IEnumerable<string> cases = _message.Cases.Select(item =>
                $"\n        new {Serialization}MessageShapeCase({item.Key}, static () => {item.Serializer}.Shape)");
            return $"{Serialization}MessageShape.Union({string.Join(",", cases)})";
        }

        IEnumerable<string> members = _message.Members.Select(member =>
        {
            string where = _message.IsMap ? Names.Literal(member.Key) : member.Index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            string nilIsDefault = member.NilIsDefault && !_message.IsMap ? ", nilIsDefault: true" : "";
            return $",\n        new {Serialization}MessageShapeMember({Names.Literal(member.Name)}, {where}, static () => {Shape(member.Value)}{nilIsDefault})";
        });
        return $"{Serialization}MessageShape.Message(isMap: {Bool(_message.IsMap)}, isStruct: {Bool(_message.IsStruct)}{string.Concat(members)})";
    }

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

    private void EmitConstruct()
    {
        if (_message.Guarded)
        {
            _out.WriteLine("try");
            _out.Open();
        }

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

        if (_message.Guarded)
        {
            _out.Close();
            _out.WriteLine("catch (global::System.Exception e) when (e is not global::Ipc.Serialization.MessageFormatException)");
            _out.Open();
            _out.WriteLine($"throw new {Serialization}MessageFormatException({Names.Literal($"{_message.FullName} refuses the values of the message: ")} + e.Message, e);");
            _out.Close();
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

    private void EmitUnionWrite()
    {
        _out.WriteLine("switch (value)");
        _out.Open();
        _out.WriteLine("case null:");
        _out.WriteLine("    writer.WriteNil();");
        _out.WriteLine("    return;");
        int i = 0;
        foreach (UnionCaseModel item in _message.Cases.OrderByDescending(item => item.Depth).ThenBy(item => item.Key))
        {
            _out.WriteLine($"case {item.Type} case{i}:");
            _out.WriteLine("    writer.Descend();");
            _out.WriteLine("    writer.WriteArrayHeader(2);");
            _out.WriteLine($"    writer.Write({item.Key});");
            _out.WriteLine($"    {item.Serializer}.Write(ref writer, case{i});");
            _out.WriteLine("    writer.Ascend();");
            _out.WriteLine("    return;");
            i++;
        }

        _out.WriteLine("default:");
        _out.WriteLine($"    throw new global::System.ArgumentException({Names.Literal($"The union {_message.FullName} does not name the type ")} + value.GetType().FullName + \" with [Union].\", nameof(value));");
        _out.Close();
    }

    private void EmitUnionRead()
    {
        _out.WriteLine("if (reader.TryReadNil())");
        _out.Open();
        _out.WriteLine("return null!;");
        _out.Close();
        _out.WriteLine();
        _out.WriteLine("reader.Descend();");
        _out.WriteLine("int count = reader.ReadArrayHeader();");
        _out.WriteLine("if (count < 2)");
        _out.Open();
        _out.WriteLine($"throw new {Serialization}MessageFormatException({Names.Literal($"The union {_message.FullName} needs a key and a value.")});");
        _out.Close();
        _out.WriteLine();
        _out.WriteLine("int key = reader.ReadInt32();");
        _out.WriteLine($"{_message.Type} result = key switch");
        _out.Open();
        foreach (UnionCaseModel item in _message.Cases)
        {
            _out.WriteLine($"{item.Key} => {item.Serializer}.Read(ref reader),");
        }

        _out.WriteLine($"_ => throw new {Serialization}MessageFormatException({Names.Literal($"The union {_message.FullName} has no type with the key ")} + key + \".\"),");
        _out.Close(";");
        _out.WriteLine("for (int i = 2; i < count; i++)");
        _out.Open();
        _out.WriteLine("reader.Skip();");
        _out.Close();
        _out.WriteLine();
        _out.WriteLine("reader.Ascend();");
        _out.WriteLine("return result;");
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

    /// <summary>A struct's own overload of RequestAsync, so that it is not boxed.</summary>
    private void EmitRequestExtension()
    {
        string accessibility = _message.IsPublic ? "public" : "internal";
        _out.WriteLine();
        _out.WriteLine("namespace Ipc");
        _out.Open();
        _out.WriteLine("/// <summary>Asks with a struct that is not boxed; emitted.</summary>");
        _out.WriteLine(GeneratedCode.Attributes);
        _out.WriteLine($"{accessibility} static class {Names.Mangle(_message.FullName)}_RequestExtensions");
        _out.Open();
        _out.WriteLine("/// <summary>Asks one peer and awaits its answer.</summary>");
        _out.WriteLine($"public static global::System.Threading.Tasks.ValueTask<{_message.Response}> RequestAsync(this global::Ipc.IMessageSender sender, {_message.Type} request, global::Ipc.Target target = default, global::Ipc.RequestOptions? options = null, global::System.Threading.CancellationToken cancellationToken = default) =>");
        _out.WriteLine($"    sender.RequestAsync<{_message.Type}, {_message.Response}>(request, target, options, cancellationToken);");
        _out.Close();
        _out.Close();
    }

    private static string Bool(bool value) => value ? "true" : "false";
}

using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis.Text;

namespace Ipc.Generators.Messages;

/// <summary>Writes the serializer of one message: inside the type when it is ours, beside it when it is not.</summary>
internal sealed partial class MessageEmitter
{
    private const string Serialization = "global::Ipc.Serialization.";

    private readonly MessageModel _message;
    private readonly SourceWriter _out;
    private readonly List<ValueModel> _values = [];

    private MessageEmitter(MessageModel message, SourceWriter output)
    {
        _message = message;
        _out = output;
    }

    /// <summary>Writes the file of a message.</summary>
    public static SourceText Emit(MessageModel message) => new MessageEmitter(message, new SourceWriter()).EmitFile();

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

    /// <summary>Emits statements that run a user's code: whatever it throws becomes the one exception of reading.</summary>
    /// <param name="sentence">Begins the exception's message.</param>
    /// <param name="statements">Emits the statements.</param>
    private void EmitGuarded(string sentence, Action statements)
    {
        _out.WriteLine("try");
        _out.Open();
        statements();
        _out.Close();
        _out.WriteLine("catch (global::System.Exception e) when (e is not global::Ipc.Serialization.MessageFormatException)");
        _out.Open();
        _out.WriteLine($"throw new {Serialization}MessageFormatException({Names.Literal(sentence)} + e.Message, e);");
        _out.Close();
    }

    private static string Bool(bool value) => value ? "true" : "false";
}

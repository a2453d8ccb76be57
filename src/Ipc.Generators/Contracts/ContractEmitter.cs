using Ipc.Generators.Common;
using Ipc.Generators.Contracts.Model;
using Ipc.Generators.Messages;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis.Text;

namespace Ipc.Generators.Contracts;

/// <summary>Writes what a contract needs: its row, its proxy, and a message for each method.</summary>
internal sealed class ContractEmitter
{
    private const string Contracts = "global::Ipc.Contracts.";
    private const string Token = "global::System.Threading.CancellationToken";
    private const string NoResult = Contracts + "NoResult";

    private readonly ContractModel _contract;
    private readonly SourceWriter _out = new();

    private ContractEmitter(ContractModel contract) => _contract = contract;

    /// <summary>Writes the file of a contract.</summary>
    public static SourceText Emit(ContractModel contract) => new ContractEmitter(contract).EmitFile();

    private SourceText EmitFile()
    {
        _out.WriteLine(GeneratedCode.Header);
        _out.WriteLine();
        _out.WriteLine($"namespace {_contract.Namespace}");
        _out.Open();
        _out.WriteLine($"/// <summary>The contract {_contract.Name}; emitted.</summary>");
        _out.WriteLine(GeneratedCode.Attributes);
        _out.WriteLine($"internal static class {_contract.Class}");
        _out.Open();
        EmitDescriptor();
        _out.WriteLine();
        EmitProxy();
        foreach (ContractMethodModel method in _contract.Methods)
        {
            _out.WriteLine();
            EmitRequest(method);
        }

        for (int i = 0; i < _contract.Bare.Count; i++)
        {
            _out.WriteLine();
            MessageEmitter.WriteBareSerializer(_out, ContractParser.BareClass(i), _contract.Bare[i]);
        }

        _out.Close();
        _out.Close();
        return _out.ToSourceText();
    }

    private void EmitDescriptor()
    {
        _out.WriteLine($"internal static {Contracts}ContractDescriptor Descriptor {{ get; }} = new {Contracts}ContractDescriptor<{_contract.Type}>(");
        _out.Indentation++;
        _out.WriteLine($"{Names.Literal(_contract.Name)},");
        _out.Write("static client => new Proxy(client)");
        foreach (ContractMethodModel method in _contract.Methods)
        {
            _out.EndLine(",");
            EmitRow(method);
        }

        _out.EndLine(_contract.AllowClients ? ") { AllowClients = true };" : ");");
        _out.Indentation--;
    }

    private void EmitRow(ContractMethodModel method)
    {
        string arguments = string.Join(", ", method.Parameters.Select(parameter => parameter.Role switch
        {
            ContractParameterRole.Token => "cancellationToken",
            ContractParameterRole.Items => "items",
            _ => $"request.{MessageNames.Escape(parameter.Name)}",
        }));
        string call = $"(({method.Interface})service).{MessageNames.Escape(method.Name)}({arguments})";
        string result = method.Result ?? NoResult;
        string serializer = method.ResultSerializer ?? $"{NoResult}.Serializer";
        string given = "service, request, cancellationToken";
        if (method.Shape == ContractMethodShape.Stream)
        {
            _out.WriteLine($"{Contracts}ContractMethod.Stream<{_contract.Type}, {method.RequestClass}, {result}>(");
        }
        else if (method.Item is not null)
        {
            _out.WriteLine($"{Contracts}ContractMethod.Upload<{_contract.Type}, {method.RequestClass}, {method.Item}, {result}>(");
            serializer = $"{method.ItemSerializer}, {serializer}";
            given = "service, request, items, cancellationToken";
        }
        else
        {
            _out.WriteLine($"{Contracts}ContractMethod.Call<{_contract.Type}, {method.RequestClass}, {result}>(");
        }

        _out.Indentation++;
        _out.WriteLine($"{serializer},");
        if (method.Result is not null)
        {
            string answer = method.Shape == ContractMethodShape.Task ? $"new global::System.Threading.Tasks.ValueTask<{method.Result}>({call})" : call;
            _out.Write($"static ({given}) => {answer})");
        }
        else
        {
            _out.WriteLine($"static async ({given}) =>");
            _out.Open();
            _out.WriteLine($"await {call}.ConfigureAwait(false);");
            _out.WriteLine("return default;");
            _out.Indentation--;
            _out.Write("})");
        }

        _out.Indentation--;
    }

    private void EmitProxy()
    {
        _out.WriteLine($"private sealed class Proxy : {_contract.Type}");
        _out.Open();
        _out.WriteLine($"private readonly {Contracts}ContractClient _client;");
        _out.WriteLine();
        _out.WriteLine($"public Proxy({Contracts}ContractClient client) => _client = client;");
        foreach (ContractMethodModel method in _contract.Methods)
        {
            _out.WriteLine();
            EmitProxyMethod(method);
        }

        _out.Close();
    }

    private void EmitProxyMethod(ContractMethodModel method)
    {
        string parameters = string.Join(", ", method.Parameters.Select(parameter => $"{parameter.Type} {MessageNames.Escape(parameter.Name)}"));
        string values = string.Join(", ", method.Parameters.Where(parameter => parameter.Role == ContractParameterRole.Value).Select(parameter => MessageNames.Escape(parameter.Name)));
        string token = method.Parameters.FirstOrDefault(parameter => parameter.Role == ContractParameterRole.Token) is { } given
            ? MessageNames.Escape(given.Name)
            : $"{Token}.None";
        string request = $"new {method.RequestClass}({values})";
        string asTask = method.Shape == ContractMethodShape.Task ? ".AsTask()" : "";
        string call = method.Shape == ContractMethodShape.Stream ? $"ReadAsync<{method.RequestClass}, {method.Result}>({request}, {method.ResultSerializer}, {token})"
            : method.Item is not null ? $"UploadAsync<{Optional(method.Result)}{method.Item}>({request}, {MessageNames.Escape(Items(method))}, {method.ItemSerializer}, {token})"
            : method.Result is not null ? $"CallAsync<{method.RequestClass}, {method.Result}>({request}, {token})"
            : $"CallAsync<{method.RequestClass}>({request}, {token})";
        _out.WriteLine($"{method.ReturnType} {method.Interface}.{MessageNames.Escape(method.Name)}({parameters}) =>");
        _out.WriteLine($"    this._client.{call}{asTask};");

        static string Optional(string? result) => result is null ? "" : $"{result}, ";
        static string Items(ContractMethodModel method) => method.Parameters.First(parameter => parameter.Role == ContractParameterRole.Items).Name;
    }

    /// <summary>A struct of a method's parameters: a call neither boxes nor allocates it.</summary>
    private void EmitRequest(ContractMethodModel method)
    {
        ContractParameterModel[] members = method.Parameters.Where(parameter => parameter.Role == ContractParameterRole.Value).ToArray();
        string asks = method.Item is null ? "" : $", global::Ipc.IRequestMessage<{method.Result ?? NoResult}>";
        _out.WriteLine($"internal readonly struct {method.RequestClass} : global::Ipc.IMessage<{method.RequestClass}>{asks}");
        _out.Open();
        foreach (ContractParameterModel member in members)
        {
            _out.WriteLine($"public readonly {member.Type} {MessageNames.Escape(member.Name)};");
        }

        if (members.Length > 0)
        {
            _out.WriteLine();
            _out.WriteLine($"public {method.RequestClass}({string.Join(", ", members.Select(member => $"{member.Type} {MessageNames.Escape(member.Name)}"))})");
            _out.Open();
            foreach (ContractParameterModel member in members)
            {
                _out.WriteLine($"this.{MessageNames.Escape(member.Name)} = {MessageNames.Escape(member.Name)};");
            }

            _out.Close();
            _out.WriteLine();
        }

        _out.WriteLine($"static global::Ipc.Serialization.MessageSerializer<{method.RequestClass}> global::Ipc.IMessage<{method.RequestClass}>.Serializer => {MessageNames.NestedSerializer}.Instance;");
        _out.WriteLine();
        MessageEmitter.WriteSerializer(_out, method.Request);
        _out.Close();
    }
}

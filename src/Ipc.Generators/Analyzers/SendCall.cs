using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Ipc.Generators.Analyzers;

/// <summary>One call of <c>IMessageSender</c>: its action, where it is known, and its body.</summary>
internal readonly struct SendCall
{
    private SendCall(string? action, SyntaxNode actionSyntax, ITypeSymbol? freeBody, SyntaxNode bodySyntax, ITypeSymbol? freeResponse, string method)
    {
        FreeResponse = freeResponse;
        Action = action;
        ActionSyntax = actionSyntax;
        FreeBody = freeBody;
        BodySyntax = bodySyntax;
        Method = method;
    }

    /// <summary>The action, when it is a constant or the message type's own.</summary>
    public string? Action { get; }

    /// <summary>Where the action, or the message that implies it, is written.</summary>
    public SyntaxNode ActionSyntax { get; }

    /// <summary>The body's type in the forms that name an action; <see langword="null"/> where the type system checks the body.</summary>
    public ITypeSymbol? FreeBody { get; }

    /// <summary>Where the body is written.</summary>
    public SyntaxNode BodySyntax { get; }

    /// <summary>The answer's type in the forms that name an action; <see langword="null"/> elsewhere.</summary>
    public ITypeSymbol? FreeResponse { get; }

    /// <summary>The method's name.</summary>
    public string Method { get; }

    /// <summary>Reads a call, or gives <see langword="null"/> when another method is meant.</summary>
    public static SendCall? TryRead(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        if (!SenderMethods.IsOne(method))
        {
            return null;
        }

        IArgumentOperation? Argument(string name) => invocation.Arguments.FirstOrDefault(a => a.Parameter?.Name == name);

        if (Argument("action") is { } action && Argument("body") is { } body)
        {
            string? constant = action.Value.ConstantValue is { HasValue: true, Value: string text } ? text : null;
            ITypeSymbol? response = method.TypeArguments.Length > 1 ? method.TypeArguments[1] : null;
            return new SendCall(constant, action.Value.Syntax, body.Parameter!.Type, body.Value.Syntax, response, method.Name);
        }

        if ((Argument("message") ?? Argument("request")) is { } message)
        {
            // The request arrives converted to IRequestMessage<T>; what counts is the type before that.
            IOperation value = message.Value;
            while (value is IConversionOperation { IsImplicit: true } conversion)
            {
                value = conversion.Operand;
            }

            return new SendCall(value.Type?.MessageAction(), value.Syntax, null, value.Syntax, null, method.Name);
        }

        return null;
    }
}

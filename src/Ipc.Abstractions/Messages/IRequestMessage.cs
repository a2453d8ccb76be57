namespace Ipc;

/// <summary>A message that expects an answer of type <typeparamref name="TResponse"/>, so that <c>RequestAsync</c> needs no type arguments.</summary>
/// <typeparam name="TResponse">What the answering listener returns: a message type, a string, a number, <c>byte[]</c> or <see cref="MessageBody"/>.</typeparam>
public interface IRequestMessage<TResponse>;

using System.Text.Json;
using System.Text.Unicode;
using Ipc.Messaging;
using Ipc.Serialization;

namespace Ipc.JsonLines;

/// <summary>One connection that speaks JSON, a value a line. What it asks for goes on while it is read, up to a limit; what is wrong with it is answered, and concerns nobody else.</summary>
/// <remarks>
/// Lines are taken in their order: a message is in its inbox before the next line is looked at, a request is on its way. Answers come in the order in which they are there. Memory
/// is bounded: one line, the requests under way with their answers, and what the stream does not take yet keeps its sender waiting, whether that is the client or another process.
/// </remarks>
/// <param name="stream">The connection; not disposed.</param>
/// <param name="host">The cluster.</param>
/// <param name="received">What has been read from the connection already.</param>
internal sealed class JsonLinesSession(Stream stream, IJsonLinesHost host, byte[]? received = null) : IDisposable
{
    /// <summary>The most requests that are under way. Beyond it nothing is read until one is answered.</summary>
    public const int MaxInFlight = 256;

    /// <summary>A line is a level around its message, which may be a dictionary of pairs at every level.</summary>
    private const int MaxDepth = (2 * MessagePackReader.DefaultMaximumDepth) + 1;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly JsonElement NoArguments = JsonElement.Parse("[]");
    private static readonly JsonElement NoMembers = JsonElement.Parse("{}");

    private readonly JsonLineReader _reader = new(stream, host.MaxLineLength, received);
    private readonly JsonLineWriter _writer = new(stream);
    private readonly InFlightLimit _inFlight = new(MaxInFlight, host.MaxLineLength);
    private readonly CancellationTokenSource _gone = new();
    private IJsonLinesPeer? _peer;

    /// <summary>Serves the connection until nothing comes any more and all is answered, or nothing can be written.</summary>
    /// <param name="stopping">Ends the reading, and leaves the cluster; what is under way is answered all the same.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, _gone.Token);
        try
        {
            await ReadAsync(ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or the cluster stops.
        }
        finally
        {
            try
            {
                if (stopping.IsCancellationRequested)
                {
                    await LeaveAsync().ConfigureAwait(false); // fails what has no answer yet
                }

                do
                {
                    await LookForReaderAsync().ConfigureAwait(false);
                }
                while (!await _inFlight.TryDrainAsync(LookAgain).ConfigureAwait(false));
            }
            finally
            {
                await LeaveAsync().ConfigureAwait(false); // whatever has happened
            }
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _gone.Dispose();
    }

    private async ValueTask LeaveAsync()
    {
        if (_peer is { } peer)
        {
            _peer = null;
            await peer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested(); // many lines may be there already
            JsonLine line = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (line.Kind)
            {
                case JsonLineKind.End:
                    return;
                case JsonLineKind.TooLong:
                    await AnswerAsync(null, new IpcException(
                        IpcError.MessageTooLarge, $"The line is longer than {host.MaxLineLength} bytes (Ipc:MaxMessageSize). It was passed over, up to its end.")).ConfigureAwait(false);
                    break;
                case JsonLineKind.Line when line.Bytes.Span.ContainsAnyExcept(" \t\r"u8):
                    await HandleAsync(line.Bytes, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>
    /// A client that sends no more may still want its answers, as a script does that closes its output; one that has closed its socket does not. The system tells them apart when
    /// something is sent, be it nothing.
    /// </summary>
    private async ValueTask LookForReaderAsync()
    {
        try
        {
            await stream.WriteAsync(ReadOnlyMemory<byte>.Empty, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            await _gone.CancelAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask HandleAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        string? id = null;
        try
        {
            using JsonDocument document = Parse(line);
            JsonLinesRequest request;
            try
            {
                id = JsonLinesRequest.ReadId(document.RootElement);
                request = JsonLinesRequest.Read(document.RootElement);
            }
            catch (InvalidOperationException e)
            {
                throw new MessageFormatException(e.Message, e); // half of a surrogate pair, written as an escape: it is looked at only when a text is read
            }

            switch (request.Verb)
            {
                case JsonLinesVerb.Register:
                    await RegisterAsync(id, request, cancellationToken).ConfigureAwait(false);
                    break;
                case JsonLinesVerb.Action:
                    await SendAsync(id, request, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    await AskAsync(id, request, line.Length, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
        catch (Exception e) when (e is MessageFormatException or IpcException)
        {
            await AnswerAsync(id, e).ConfigureAwait(false);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> line)
    {
        if (!Utf8.IsValid(line.Span))
        {
            throw new MessageFormatException("The line is not UTF-8.");
        }

        try
        {
            var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"The line is not JSON: {e.Message}", e);
        }

        throw new MessageFormatException("A line has to be a JSON object.");
    }

    private async ValueTask RegisterAsync(string? id, JsonLinesRequest request, CancellationToken cancellationToken)
    {
        if (_peer is not null)
        {
            throw new MessageFormatException($"\"register\" has to come first and once; this connection is {_peer.Id} already.");
        }

        _peer = await host.JoinAsync(request.Name, request.Actions, DeliverAsync, cancellationToken).ConfigureAwait(false);
        await AnswerAsync(id, MessageBody.From(_peer.Id.ToString()), MessageShape.String).ConfigureAwait(false);
    }

    private async ValueTask<IJsonLinesPeer> GetPeerAsync(CancellationToken cancellationToken) =>
        _peer ??= await host.JoinAsync(null, [], DeliverAsync, cancellationToken).ConfigureAwait(false);

    private async ValueTask SendAsync(string? id, JsonLinesRequest request, CancellationToken cancellationToken)
    {
        MethodShape action = host.Methods.GetAction(request.Name);
        IJsonLinesPeer peer = await GetPeerAsync(cancellationToken).ConfigureAwait(false);
        using var body = new PooledBufferWriter();
        JsonMessageConverter.WriteBody(action.Request, request.Body ?? NoMembers, body);
        try
        {
            await peer.Sender.SendAsync(action.Action, MessageBody.Parse(body.WrittenSpan), request.Target, null, cancellationToken).ConfigureAwait(false);
        }
        catch (IpcException e) when (e.Reason == IpcError.NoListener)
        {
            throw Explain(e, "action", request.Name, peer);
        }

        if (id is not null)
        {
            await AnswerAsync(id, null, MessageShape.Any).ConfigureAwait(false);
        }
    }

    private async ValueTask AskAsync(string? id, JsonLinesRequest request, int size, CancellationToken cancellationToken)
    {
        MethodShape method = host.Methods.GetMethod(request.Name);
        IJsonLinesPeer peer = await GetPeerAsync(cancellationToken).ConfigureAwait(false);
        MessageBody body;
        using (var arguments = new PooledBufferWriter())
        {
            JsonMessageConverter.WriteArguments(method.Request, request.Body ?? NoArguments, arguments);
            body = MessageBody.Parse(arguments.WrittenSpan);
        }

        while (!await _inFlight.TryEnterAsync(size, LookAgain, cancellationToken).ConfigureAwait(false))
        {
            await LookForReaderAsync().ConfigureAwait(false); // nothing is read meanwhile, so that its end is not seen either
        }

        _ = AskAndAnswerAsync(peer, id, request.Name, method, body, request.Target, request.Timeout, size);
    }

    /// <summary>Never throws: whatever comes of it is the answer.</summary>
    private async Task AskAndAnswerAsync(IJsonLinesPeer peer, string? id, string name, MethodShape method, MessageBody body, Target target, TimeSpan? timeout, int size)
    {
        try
        {
            RequestOptions? options = timeout is null ? null : new RequestOptions { Timeout = timeout };
            MessageBody answer = await peer.Sender.RequestAsync<MessageBody, MessageBody>(method.Action, body, target, options, _gone.Token).ConfigureAwait(false);
            await AnswerAsync(id, answer, method.Response!).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
#pragma warning disable CA1031 // A program may have an exception of its own thrown for one of a listener's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await AnswerAsync(id, e is IpcException { Reason: IpcError.NoListener } unheard ? Explain(unheard, "method", name, peer) : e).ConfigureAwait(false);
        }
        finally
        {
            _inFlight.Leave(size);
        }
    }

    /// <summary>Says "did you mean" where the program's tables know a better name: short ones are in no directory.</summary>
    private IpcException Explain(IpcException error, string kind, string name, IJsonLinesPeer peer) =>
        host.Methods.Suggest(name, peer.MayUse) is { } best ? new IpcException(IpcError.NoListener, $"There is no {kind} \"{name}\". Did you mean \"{best}\"?") : error;

    private async ValueTask DeliverAsync(string action, MessageBody body, PeerId from)
    {
        Task written;
        using (var line = new PooledBufferWriter())
        {
            JsonAnswer.WriteMessage(line, action, body, host.Methods.GetAction(action).Request, from);
            written = _writer.WriteAsync(line.WrittenSpan);
        }

        await written.ConfigureAwait(false);
    }

    private ValueTask AnswerAsync(string? id, MessageBody? body, MessageShape shape)
    {
        using var line = new PooledBufferWriter();
        JsonAnswer.WriteSuccess(line, id, body, shape);
        return FinishAsync(_writer.WriteAsync(line.WrittenSpan));
    }

    private ValueTask AnswerAsync(string? id, Exception error)
    {
        using var line = new PooledBufferWriter();
        JsonAnswer.WriteError(line, id, error);
        return FinishAsync(_writer.WriteAsync(line.WrittenSpan));
    }

    /// <summary>Waits until an answer is written; when that fails nobody is there any more, and the session ends.</summary>
    private async ValueTask FinishAsync(Task written)
    {
        try
        {
            await written.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            await _gone.CancelAsync().ConfigureAwait(false);
        }
    }
}

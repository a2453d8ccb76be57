using System.Diagnostics;
using Ipc.Serialization;

namespace Ipc.Telemetry;

/// <summary>What attributes are called: OpenTelemetry's names for messaging where there is one, else <c>ipc.</c> before it. Part of the public behaviour.</summary>
internal static class TelemetryNames
{
    public const string System = "messaging.system";
    public const string SystemName = "ipc";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Action = "messaging.destination.name";
    public const string ErrorType = "error.type";
    public const string Group = "ipc.group";
    public const string WorkerId = "ipc.worker.id";
    public const string WorkerState = "ipc.worker.state";
    public const string Sender = "ipc.sender";
    public const string Target = "ipc.target";
    public const string Topic = "ipc.topic";
    public const string DeliveryCount = "ipc.delivery_count";

    public const string Send = "send";
    public const string Request = "request";
    public const string Process = "process";

    /// <summary>Which peer a measurement is of, whatever its incarnation.</summary>
    public static TagList TagsOf(PeerId peer) => new() { { Group, peer.Group }, { WorkerId, peer.WorkerId } };

    /// <summary>What went wrong, as a value of few: an <see cref="IpcError"/>, else the exception's type.</summary>
    public static string ErrorTypeOf(Exception error) => error switch
    {
        IpcException ipc => ipc.Reason.ToString(),
        OperationCanceledException => nameof(IpcError.Canceled),
        MessageFormatException => nameof(IpcError.BadMessage),
        _ => error.GetType().FullName!,
    };
}

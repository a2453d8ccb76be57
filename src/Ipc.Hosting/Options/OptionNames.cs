using System.Globalization;
using Ipc.Streams;

namespace Ipc.Options;

/// <summary>Every name that the section <c>Ipc</c> knows, declared once. Values are read as the generated binder reads them.</summary>
internal static class OptionNames
{
    private static readonly OptionName Text = new("text") { Accepts = static _ => true };

    private static readonly OptionName Time = new("a time such as 00:00:30 (hours, minutes, seconds)")
    {
        // A bare number would be read as days.
        Accepts = static value => value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _),
    };

    private static readonly OptionName YesOrNo = new("true or false") { Accepts = static value => bool.TryParse(value, out _) };

    /// <summary>A group of workers.</summary>
    public static OptionName Group { get; } = new("a group of options such as {0}:Count")
    {
        Members = new Dictionary<string, OptionName>(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(IpcGroupOptions.Count)] = Number($"a whole number from 0 to {OptionLimits.MaxCount}"),
            [nameof(IpcGroupOptions.Program)] = Text,
            [nameof(IpcGroupOptions.Arguments)] = new OptionName("a list such as {0}:0") { AnyMember = Text },
            [nameof(IpcGroupOptions.Environment)] = new OptionName("variables such as {0}:NAME") { AnyMember = Text },
            [nameof(IpcGroupOptions.WorkingDirectory)] = Text,
            [nameof(IpcGroupOptions.User)] = Text,
            [nameof(IpcGroupOptions.DependsOn)] = new OptionName("a list such as {0}:0") { AnyMember = Text },
            [nameof(IpcGroupOptions.WaitForReady)] = YesOrNo,
            [nameof(IpcGroupOptions.Output)] = new OptionName(OptionLimits.Outputs)
            {
                Accepts = static value => Enum.TryParse<IpcOutput>(value, ignoreCase: true, out _),
            },
            [nameof(IpcGroupOptions.Restart)] = new OptionName("a group of options such as {0}:Limit")
            {
                Members = new Dictionary<string, OptionName>(StringComparer.OrdinalIgnoreCase)
                {
                    [nameof(IpcRestartOptions.Limit)] = Number($"a whole number from 0 to {OptionLimits.MaxRestarts}"),
                    [nameof(IpcRestartOptions.Window)] = Time,
                    [nameof(IpcRestartOptions.MinDelay)] = Time,
                    [nameof(IpcRestartOptions.MaxDelay)] = Time,
                    [nameof(IpcRestartOptions.StableTime)] = Time,
                },
            },
            [nameof(IpcGroupOptions.HangTimeout)] = Time,
            [nameof(IpcGroupOptions.DumpFolder)] = Text,
            [nameof(IpcGroupOptions.DumpType)] = new OptionName(OptionLimits.DumpTypes)
            {
                Accepts = static value => Enum.TryParse<IpcDumpType>(value, ignoreCase: true, out _),
            },
            [nameof(IpcGroupOptions.Standby)] = Number($"a whole number from 0 to {OptionLimits.MaxCount}"),
            [nameof(IpcGroupOptions.Reload)] = new OptionName("a group of options such as {0}:Probation")
            {
                Members = new Dictionary<string, OptionName>(StringComparer.OrdinalIgnoreCase)
                {
                    [nameof(IpcReloadOptions.Concurrency)] = Number($"a whole number from 1 to {OptionLimits.MaxCount}"),
                    [nameof(IpcReloadOptions.Probation)] = Time,
                },
            },
            [nameof(IpcGroupOptions.Recycle)] = new OptionName("a group of options such as {0}:AfterAge")
            {
                Members = new Dictionary<string, OptionName>(StringComparer.OrdinalIgnoreCase)
                {
                    [nameof(IpcRecycleOptions.AfterMessages)] = Long("a whole number from 1"),
                    [nameof(IpcRecycleOptions.AfterAge)] = Time,
                    [nameof(IpcRecycleOptions.AboveMemory)] = Long("a whole number of bytes"),
                    [nameof(IpcRecycleOptions.Jitter)] = new OptionName("a number from 0 to 1")
                    {
                        Accepts = static value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
                    },
                    [nameof(IpcRecycleOptions.Patience)] = Time,
                },
            },
        },
    };

    /// <summary>The section of a cluster.</summary>
    public static OptionName Section { get; } = new("a section of options such as {0}:Mode")
    {
        Members = With(new Dictionary<string, OptionName>
        {
            [nameof(IpcOptions.Mode)] = new OptionName(OptionLimits.Modes)
            {
                Accepts = static value => Enum.TryParse<IpcMode>(value, ignoreCase: true, out _),
            },
            [nameof(IpcOptions.RingSize)] =
                Number($"a whole number of bytes, a power of two from {OptionLimits.MinRingSize} to {OptionLimits.MaxRingSize}"),
            [nameof(IpcOptions.SharedMemoryLimit)] = Long("a whole number of bytes, or 0 for pipes only"),
            [nameof(IpcOptions.Clients)] = new OptionName("a group of options such as {0}:Enabled")
            {
                Members = new Dictionary<string, OptionName>(StringComparer.OrdinalIgnoreCase)
                {
                    [nameof(IpcClientsOptions.Enabled)] = YesOrNo,
                    [nameof(IpcClientsOptions.Folder)] = Text,
                    [nameof(IpcClientsOptions.Users)] = new OptionName("a list such as {0}:0") { AnyMember = Text },
                    [nameof(IpcClientsOptions.UserGroup)] = Text,
                    [nameof(IpcClientsOptions.Max)] = Number($"a whole number from 1 to {OptionLimits.MaxClients}"),
                },
            },
            [nameof(IpcOptions.Workers)] = Group,
            [nameof(IpcOptions.Groups)] = new OptionName("a list of groups such as {0}:task:Count") { AnyMember = Group },
        }),
    };

    /// <summary>The section of a client.</summary>
    public static OptionName ClientSection { get; } = new("a section of options such as {0}:Endpoint")
    {
        Members = With(new Dictionary<string, OptionName>
        {
            [nameof(IpcClientOptions.Name)] = Text,
            [nameof(IpcClientOptions.User)] = Text,
            [nameof(IpcClientOptions.Folder)] = Text,
            [nameof(IpcClientOptions.HostIfAbsent)] = YesOrNo,
            [nameof(IpcClientOptions.MaxReconnectDelay)] = Time,
        }),
    };

    /// <summary>What every program has that sends and receives, and these.</summary>
    private static Dictionary<string, OptionName> With(Dictionary<string, OptionName> own) => new(own, StringComparer.OrdinalIgnoreCase)
    {
        [nameof(IpcPeerOptions.Endpoint)] = Text,
        [nameof(IpcPeerOptions.RequestTimeout)] = Time,
        [nameof(IpcPeerOptions.SendTimeout)] = Time,
        [nameof(IpcPeerOptions.StartTimeout)] = Time,
        [nameof(IpcPeerOptions.StopTimeout)] = Time,
        [nameof(IpcPeerOptions.IncludeRemoteStackTraces)] = YesOrNo,
        [nameof(IpcPeerOptions.MaxMessageSize)] =
            Number($"a whole number of bytes from {OptionLimits.MinMessageSize} to {OptionLimits.MaxMessageSize}"),
        [nameof(IpcPeerOptions.MaxPendingMessages)] =
            Number($"a whole number from {OptionLimits.MinPendingMessages} to {OptionLimits.MaxPendingMessages}"),
        [nameof(IpcPeerOptions.SpinBudget)] = Number($"a whole number from 0 to {OptionLimits.MaxWaitBudget}"),
        [nameof(IpcPeerOptions.YieldBudget)] = Number($"a whole number from 0 to {OptionLimits.MaxWaitBudget}"),
        [nameof(IpcPeerOptions.StreamWindow)] =
            Number($"a whole number of bytes from {StreamLimits.MinWindow} to {StreamLimits.MaxWindow}"),
    };

    private static OptionName Long(string allowed) => new(allowed)
    {
        Accepts = static value => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
    };

    private static OptionName Number(FormattableString allowed) => new(FormattableString.Invariant(allowed))
    {
        Accepts = static value => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
    };
}

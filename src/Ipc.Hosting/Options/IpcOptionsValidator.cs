using System.Buffers;
using System.Numerics;
using Ipc.Processes;
using Ipc.Supervision;
using Microsoft.Extensions.Options;
using static Ipc.Options.OptionChecks;

namespace Ipc.Options;

/// <summary>Refuses options that cannot work; every message names the option and what it may be.</summary>
internal sealed class IpcOptionsValidator : IValidateOptions<IpcOptions>
{
    private const int MaxNameLength = 64;

    private static readonly SearchValues<char> GroupCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    public ValidateOptionsResult Validate(string? name, IpcOptions options)
    {
        var errors = new List<string>();
        if (!Enum.IsDefined(options.Mode))
        {
            errors.Add($"Ipc:Mode is {(int)options.Mode}; it must be {OptionLimits.Modes}.");
        }

        OptionChecks.CheckPeer(errors, options);
        CheckRange(errors, "Ipc:RingSize", options.RingSize, OptionLimits.MinRingSize, OptionLimits.MaxRingSize);
        if (!BitOperations.IsPow2(options.RingSize))
        {
            errors.Add($"Ipc:RingSize is {options.RingSize}; it must be a power of two, for example {1 << 20}.");
        }

        if (options.SharedMemoryLimit < 0)
        {
            errors.Add($"Ipc:SharedMemoryLimit is {options.SharedMemoryLimit}; it must be 0 (pipes only) or a number of bytes.");
        }

        CheckClients(errors, options);
        CheckGroup(errors, GroupPlan.OptionOf(Target.DefaultGroup), options.Workers);
        foreach ((string group, IpcGroupOptions groupOptions) in options.Groups)
        {
            if (!IsName(group, GroupCharacters))
            {
                errors.Add($"Ipc:Groups:{group} has an illegal name; it must be 1 to {MaxNameLength} lower-case letters, digits, '.', '-' or '_'.");
            }

            if (string.Equals(group, "supervisor", StringComparison.Ordinal))
            {
                errors.Add("Ipc:Groups:supervisor: this name means the supervisor itself; choose another.");
            }

            if (string.Equals(group, Target.DefaultGroup, StringComparison.Ordinal))
            {
                errors.Add("Ipc:Groups:worker: the group \"worker\" is set under Ipc:Workers.");
            }

            CheckGroup(errors, $"Ipc:Groups:{group}", groupOptions);
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool IsName(string text, SearchValues<char> allowed) =>
        text.Length is > 0 and <= MaxNameLength && !text.AsSpan().ContainsAnyExcept(allowed);

    private static void CheckClients(List<string> errors, IpcOptions options)
    {
        IpcClientsOptions clients = options.Clients;
        CheckRange(errors, "Ipc:Clients:Max", clients.Max, 1, OptionLimits.MaxClients);
        if (!clients.Enabled)
        {
            return;
        }

        if (options.Endpoint is null)
        {
            errors.Add("Ipc:Clients:Enabled needs Ipc:Endpoint: the name that clients join by.");
            return;
        }

        OptionChecks.CheckSocket(errors, "Ipc:Clients:Folder", clients.Folder, options.Endpoint);
        foreach (string user in clients.Users)
        {
            if (UnixUser.IdOf(user) is null)
            {
                errors.Add($"Ipc:Clients:Users has \"{user}\"; this machine has no such user.");
            }
        }

        if (clients.UserGroup is { } group && UnixUser.GroupIdOf(group) is null)
        {
            errors.Add($"Ipc:Clients:UserGroup is \"{group}\"; this machine has no such group.");
        }
    }

    private static void CheckRestart(List<string> errors, string option, IpcRestartOptions restart)
    {
        CheckRange(errors, $"{option}:Limit", restart.Limit, 0, OptionLimits.MaxRestarts);
        CheckTimeout(errors, $"{option}:Window", restart.Window, zeroAllowed: false, infiniteAllowed: false);
        CheckTimeout(errors, $"{option}:MinDelay", restart.MinDelay, zeroAllowed: true, infiniteAllowed: false);
        CheckTimeout(errors, $"{option}:MaxDelay", restart.MaxDelay, zeroAllowed: true, infiniteAllowed: false);
        CheckTimeout(errors, $"{option}:StableTime", restart.StableTime, zeroAllowed: true, infiniteAllowed: false);
        if (restart.MaxDelay < restart.MinDelay)
        {
            errors.Add($"{option}:MaxDelay is {restart.MaxDelay}; it must not be less than {option}:MinDelay, which is {restart.MinDelay}.");
        }
    }

    private static void CheckRecycle(List<string> errors, string option, IpcRecycleOptions recycle)
    {
        if (recycle.AfterMessages is < 1)
        {
            errors.Add($"{option}:AfterMessages is {recycle.AfterMessages}; it must be 1 or more.");
        }

        if (recycle.AfterAge is { } age)
        {
            CheckTimeout(errors, $"{option}:AfterAge", age, zeroAllowed: false, infiniteAllowed: false);
        }

        if (recycle.AboveMemory is < 1)
        {
            errors.Add($"{option}:AboveMemory is {recycle.AboveMemory}; it must be a number of bytes.");
        }

        if (recycle.Jitter is not (>= 0 and <= 1))
        {
            errors.Add(FormattableString.Invariant($"{option}:Jitter is {recycle.Jitter}; it must be from 0 to 1."));
        }

        CheckTimeout(errors, $"{option}:Patience", recycle.Patience, zeroAllowed: true, infiniteAllowed: false);
    }

    private static void CheckGroup(List<string> errors, string option, IpcGroupOptions group)
    {
        if (group.Count is < 0 or > OptionLimits.MaxCount)
        {
            errors.Add($"{option}:Count is {group.Count}; it must be from 0 to {OptionLimits.MaxCount}.");
        }

        CheckRestart(errors, $"{option}:Restart", group.Restart);
        if (!Enum.IsDefined(group.Output))
        {
            errors.Add($"{option}:Output is {(int)group.Output}; it must be {OptionLimits.Outputs}.");
        }

        CheckRange(errors, $"{option}:Standby", group.Standby, 0, OptionLimits.MaxCount);
        CheckRange(errors, $"{option}:Reload:Concurrency", group.Reload.Concurrency, 1, OptionLimits.MaxCount);
        CheckRecycle(errors, $"{option}:Recycle", group.Recycle);
        CheckTimeout(errors, $"{option}:Reload:Probation", group.Reload.Probation, zeroAllowed: true, infiniteAllowed: false);
        if (group.Program is { } program && string.IsNullOrWhiteSpace(program))
        {
            errors.Add($"{option}:Program is empty; name a program, or leave it out to run this program again.");
        }

        CheckTimeout(errors, $"{option}:HangTimeout", group.HangTimeout, zeroAllowed: false, infiniteAllowed: true);
        if (group.HangTimeout > TimeSpan.Zero && group.HangTimeout < OptionLimits.MinHangTimeout)
        {
            errors.Add($"{option}:HangTimeout is {group.HangTimeout}; it must be at least {OptionLimits.MinHangTimeout}.");
        }

        if (group.DumpFolder is { } folder && string.IsNullOrWhiteSpace(folder))
        {
            errors.Add($"{option}:DumpFolder is empty; name a folder, or leave it out to have no dumps.");
        }

        if (!Enum.IsDefined(group.DumpType))
        {
            errors.Add($"{option}:DumpType is {(int)group.DumpType}; it must be {OptionLimits.DumpTypes}.");
        }

        foreach (string key in group.Environment.Keys)
        {
            if (key.Length == 0 || key.Contains('=', StringComparison.Ordinal) || key.Contains('\0', StringComparison.Ordinal))
            {
                errors.Add($"{option}:Environment has a variable with the illegal name \"{key}\".");
            }
        }
    }
}

using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Options;

namespace Ipc.Options;

/// <summary>Refuses options of a client that cannot work.</summary>
internal sealed class IpcClientOptionsValidator : IValidateOptions<IpcClientOptions>
{
    public ValidateOptionsResult Validate(string? name, IpcClientOptions options)
    {
        var errors = new List<string>();
        OptionChecks.CheckPeer(errors, options);
        if (options.Endpoint is null)
        {
            errors.Add("Ipc:Endpoint is not set: a client needs the name of the endpoint that it joins.");
        }
        else
        {
            OptionChecks.CheckSocket(errors, "Ipc:Folder", options.Folder, options.Endpoint);
        }

        if (options.Name is { } own && !EndpointPath.IsName(own))
        {
            errors.Add($"Ipc:Name is \"{own}\"; it must be {EndpointPath.NameRule}.");
        }

        if (options.User is { } user && UnixUser.IdOf(user) is null)
        {
            errors.Add($"Ipc:User is \"{user}\"; this machine has no such user.");
        }

        if (options is { User: not null, HostIfAbsent: true })
        {
            errors.Add("Ipc:HostIfAbsent and Ipc:User are both set: this process can make an endpoint of its own user only.");
        }

        if (options.MaxReconnectDelay < OptionLimits.MinReconnectDelay || options.MaxReconnectDelay > OptionLimits.MaxReconnectDelay)
        {
            errors.Add($"Ipc:MaxReconnectDelay is {options.MaxReconnectDelay}; it must be from {OptionLimits.MinReconnectDelay} to {OptionLimits.MaxReconnectDelay}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

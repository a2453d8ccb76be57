using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ipc.Options;

/// <summary>Binds the section <c>Ipc</c>; by generated code, so without reflection.</summary>
internal static class IpcOptionsBinder
{
    /// <summary>Binds the section to the options of a cluster.</summary>
    /// <exception cref="OptionsValidationException">A name in the section is no option, or a value is not of its option's kind; every mistake has a sentence.</exception>
    public static void Bind(IpcOptions options, IConfigurationSection section)
    {
        ThrowIfWrong<IpcOptions>(section, OptionNames.Section);
        section.Bind(options);
    }

    /// <summary>Binds the section to the options of a client.</summary>
    /// <exception cref="OptionsValidationException">As for a cluster.</exception>
    public static void Bind(IpcClientOptions options, IConfigurationSection section)
    {
        ThrowIfWrong<IpcClientOptions>(section, OptionNames.ClientSection);
        section.Bind(options);
    }

    private static void ThrowIfWrong<TOptions>(IConfigurationSection section, OptionName names)
    {
        IReadOnlyList<string> errors = SectionCheck.Find(section, names);
        if (errors.Count > 0)
        {
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(TOptions), errors);
        }
    }
}

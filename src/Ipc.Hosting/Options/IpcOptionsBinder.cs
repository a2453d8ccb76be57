using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ipc.Options;

/// <summary>Binds the section <c>Ipc</c>; by generated code, so without reflection.</summary>
internal static class IpcOptionsBinder
{
    /// <summary>Binds the section to the options.</summary>
    /// <exception cref="OptionsValidationException">A name in the section is no option, or a value is not of its option's kind; every mistake has a sentence.</exception>
    public static void Bind(IpcOptions options, IConfigurationSection section)
    {
        IReadOnlyList<string> errors = SectionCheck.Find(section);
        if (errors.Count > 0)
        {
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(IpcOptions), errors);
        }

        section.Bind(options);
    }
}

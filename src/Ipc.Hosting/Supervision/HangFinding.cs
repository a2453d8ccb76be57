using System.Globalization;

namespace Ipc.Supervision;

/// <summary>That a worker hangs.</summary>
/// <param name="Cause">How that was found.</param>
/// <param name="For">For how long, at least.</param>
/// <param name="Action">The action of the listener; empty when it is not that.</param>
internal sealed record HangFinding(HangCause Cause, TimeSpan For, string Action)
{
    /// <summary>The same as a part of a sentence.</summary>
    public string Describe()
    {
        string seconds = string.Create(CultureInfo.InvariantCulture, $"{For.TotalSeconds:0.0} s");
        return Cause switch
        {
            HangCause.ListenerBlocked => $"a listener to \"{Action}\" has not come to an await or to its end for {seconds}",
            HangCause.ThreadPoolStarved => $"its thread pool has not come to a work item for {seconds}",
            _ => $"it has not answered for {seconds}",
        };
    }
}

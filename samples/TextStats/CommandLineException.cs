namespace TextStats;

/// <summary>The command line makes no sense.</summary>
/// <param name="message">What is wrong, and how it is meant.</param>
internal sealed class CommandLineException(string message) : Exception(message);

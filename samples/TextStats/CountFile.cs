using Ipc;

namespace TextStats;

/// <summary>Asks a worker to count one file.</summary>
/// <param name="Path">The file's full path.</param>
/// <param name="Part">Which part of its different words is wanted, from 0.</param>
/// <param name="Parts">In how many parts the words are counted.</param>
[Message("textstats.count-file")]
internal sealed partial record CountFile(string Path, int Part, int Parts) : IRequestMessage<CountedFile>;

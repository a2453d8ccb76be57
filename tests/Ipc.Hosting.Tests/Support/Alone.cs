using Xunit;

namespace Ipc.Hosting.Tests;

/// <summary>Tests that look at what belongs to the whole process: they run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

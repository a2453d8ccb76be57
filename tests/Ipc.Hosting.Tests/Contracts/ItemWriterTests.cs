using System.Reflection;
using System.Runtime.CompilerServices;
using Ipc.Contracts;
using Ipc.Serialization;
using Xunit;

namespace Ipc.Hosting.Tests.Contracts;

/// <summary>Items on their way to bytes, without another process.</summary>
public sealed class ItemWriterTests
{
    [Fact]
    public async Task What_items_throw_is_observed_when_their_reader_leaves_at_what_came_before()
    {
        string reason = $"out of items {Guid.NewGuid()}";
        var unobserved = new List<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved)
            {
                unobserved.Add(e.Exception.ToString());
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await LeaveAsync(reason);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.DoesNotContain(unobserved, error => error.Contains(reason, StringComparison.Ordinal));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task LeaveAsync(string reason)
    {
        IMessageSender sender = DispatchProxy.Create<IMessageSender, Capturing>();
        await new ContractClient(sender, default, 1_000).UploadAsync<int, int>(null!, FailingAsync(reason), BuiltInSerializers.Int32, CancellationToken.None);
        await using IAsyncEnumerator<ReadOnlyMemory<byte>> pieces = ((Capturing)sender).Body!.GetAsyncEnumerator();

        Assert.True(await pieces.MoveNextAsync());
        Assert.Equal(1, pieces.Current.Span[^1]);
    }

    private static async IAsyncEnumerable<int> FailingAsync(string reason)
    {
        yield return 1;
        await Task.CompletedTask;
        throw new InvalidDataException(reason);
    }

    /// <summary>Sends nothing, and keeps what was to be streamed.</summary>
    public class Capturing : DispatchProxy
    {
        public IAsyncEnumerable<ReadOnlyMemory<byte>>? Body { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Body = args!.OfType<IAsyncEnumerable<ReadOnlyMemory<byte>>>().Single();
            return new ValueTask<int>(0);
        }
    }
}

namespace Ipc.Transports.Tests;

/// <summary>A cluster's name belongs to one supervisor at a time. It is no file: nothing stale or foreign can be in its place, and the kernel gives it back with its process.</summary>
public sealed class EndpointClaimTests
{
    [Fact]
    public void However_often_a_name_is_refused_the_process_that_has_it_is_named_and_once_given_back_it_can_be_taken()
    {
        string name = $"claim-{Environment.ProcessId}";
        using (EndpointClaim.Take(name))
        {
            for (int i = 0; i < 20; i++)
            {
                IOException error = Assert.Throws<IOException>(() => EndpointClaim.Take(name));
                Assert.Contains($"Ipc:Endpoint is \"{name}\", and process {Environment.ProcessId} has the endpoint of that name.", error.Message, StringComparison.Ordinal);
            }

            EndpointClaim.Take($"{name}-other").Dispose();
        }

        EndpointClaim.Take(name).Dispose();
    }

    [Fact]
    public async Task Of_those_who_take_a_name_at_once_one_gets_it()
    {
        string name = $"claims-{Environment.ProcessId}";
        using var together = new Barrier(4);
        EndpointClaim?[] claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                try
                {
                    return EndpointClaim.Take(name);
                }
                catch (IOException)
                {
                    return null;
                }
            },
            TaskCreationOptions.LongRunning)));
        Assert.Single(claims, claim => claim is not null)!.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a-name-that-has-more-than-sixty-four-characters-which-is-more-than-is-allowed")]
    public void A_name_that_cannot_be_one_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => EndpointClaim.Take(name));
}

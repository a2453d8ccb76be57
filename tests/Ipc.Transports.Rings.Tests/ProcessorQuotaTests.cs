using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings.Tests;

public sealed class ProcessorQuotaTests
{
    [Theory]
    [InlineData("max 100000", "max 100000", double.PositiveInfinity)]
    [InlineData("150000 100000", "max 100000", 1.5)]
    [InlineData("400000 100000", "200000 100000", 2)]
    [InlineData("nonsense", "max 100000", double.PositiveInfinity)]
    public void The_smallest_quota_on_the_way_up_counts(string own, string parent, double expected)
    {
        string root = Directory.CreateTempSubdirectory("ipc-quota").FullName;
        try
        {
            Directory.CreateDirectory(Path.Join(root, "a", "b"));
            File.WriteAllText(Path.Join(root, "a", "b", "cpu.max"), own + "\n");
            File.WriteAllText(Path.Join(root, "a", "cpu.max"), parent + "\n");
            string membership = Path.Join(root, "membership");
            File.WriteAllText(membership, "1:cpu:/old\n0::/a/b\n");

            Assert.Equal(expected, ProcessorQuota.ReadQuota(new Cgroup(membership, root)));
            Assert.Equal(double.PositiveInfinity, ProcessorQuota.ReadQuota(new Cgroup(Path.Join(root, "absent"), root)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}

using Ipc.Supervision;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>In which order groups start.</summary>
public sealed class GroupOrderTests
{
    [Fact]
    public void A_group_comes_behind_those_that_it_depends_on_and_the_others_stay_where_they_are()
    {
        IReadOnlyList<GroupPlan> sorted = GroupOrder.Sort([Group("web", "cache", "db"), Group("a"), Group("db"), Group("cache", "db"), Group("z")]);

        Assert.Equal(["db", "cache", "web", "a", "z"], sorted.Select(g => g.Name));
    }

    [Fact]
    public void A_group_that_there_is_not_is_named_with_the_option_and_the_groups_that_there_are()
    {
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => GroupOrder.Sort([Group("web", "databse"), Group("database")]));

        Assert.Equal(
            "Ipc:Groups:web:DependsOn names \"databse\", a group that there is not. The groups of this cluster are: web, database. Did you mean \"database\"?",
            Assert.Single(error.Failures));
    }

    [Theory]
    [InlineData("a", "\"a\", which waits for \"a\".")]
    [InlineData("b", "\"a\", which waits for \"b\", which waits for \"c\", which waits for \"a\".")]
    public void A_circle_is_refused_with_its_groups(string needed, string circle)
    {
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => GroupOrder.Sort([Group("a", needed), Group("b", "c"), Group("c", "a")]));

        Assert.EndsWith(circle, Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    private static GroupPlan Group(string name, params string[] needed)
    {
        var options = new IpcGroupOptions();
        Array.ForEach(needed, options.DependsOn.Add);
        return new GroupPlan(name, 1, options);
    }
}

using System.Text.RegularExpressions;
using Ipc.Transports;
using Xunit;

namespace Ipc.Abstractions.Tests.Topics;

public sealed class TopicSubscriptionTests
{
    [Theory]
    [InlineData("orders.placed", "orders.placed", true)]
    [InlineData("orders.placed", "orders.Placed", false)]
    [InlineData("orders.*", "orders.placed", true)]
    [InlineData("orders.*", "orders", false)]
    [InlineData("orders.*", "orders.placed.eu", false)]
    [InlineData("*.placed", "orders.placed", true)]
    [InlineData("orders.>", "orders.placed.eu", true)]
    [InlineData("orders.>", "orders", false)]
    [InlineData("*", "orders", true)]
    [InlineData(">", "orders.placed.eu", true)]
    [InlineData("*.>", "orders", false)]
    public void A_star_stands_for_one_segment_and_an_angle_bracket_for_all_that_are_left(string pattern, string topic, bool matches) =>
        Assert.Equal(matches, new TopicSubscription(pattern).Matches(topic));

    [Fact]
    public void Patterns_match_exactly_what_a_regular_expression_of_the_same_meaning_does()
    {
        var random = new Random(20261129);
        int matched = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string topic = string.Join('.', Segments(random, ["a", "b", "aa"]));
            string[] segments = Segments(random, ["a", "b", "aa", "*", "*", ">"]);
            int rest = Array.IndexOf(segments, ">");
            string pattern = string.Join('.', rest < 0 ? segments : segments[..(rest + 1)]);

            bool expected = Regex.IsMatch(topic, $"^{pattern.Replace(".", "\\.", StringComparison.Ordinal).Replace("*", "[^.]+", StringComparison.Ordinal).Replace(">", ".+", StringComparison.Ordinal)}$");
            Assert.True(expected == new TopicSubscription(pattern).Matches(topic), $"{pattern} and {topic}: {expected}");
            matched += expected ? 1 : 0;
        }

        Assert.InRange(matched, 2_000, 18_000);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(".orders", "empty segment")]
    [InlineData("orders..placed", "empty segment")]
    [InlineData("orders.", "empty segment")]
    [InlineData("orders.>.placed", "behind '>'")]
    [InlineData("ord*", "'*' inside")]
    [InlineData("orders.p>", "'>' inside")]
    [InlineData("orders placed", "white space")]
    [InlineData("orders\u0003", "control character")]
    [InlineData("orders\ud83d\ude00", "surrogate")]
    public void What_is_no_pattern_is_refused_with_the_reason(string pattern, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(nameof(pattern), () => new TopicSubscription(pattern)).Message, StringComparison.Ordinal);

    [Fact]
    public void Patterns_and_queues_have_a_length_that_is_bounded()
    {
        Assert.Equal(255, new TopicSubscription(new string('a', 255)).Pattern.Length);
        Assert.Throws<ArgumentException>("pattern", () => new TopicSubscription(new string('a', 256)));
        Assert.Equal(100, new TopicSubscription("a", new string('q', 100)).Queue!.Length);
        Assert.Throws<ArgumentException>("queue", () => new TopicSubscription("a", new string('q', 101)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("a b")]
    public void What_is_no_queue_is_refused(string queue) => Assert.Throws<ArgumentException>(nameof(queue), () => new TopicSubscription("orders", queue));

    [Theory]
    [InlineData("orders.*")]
    [InlineData("orders.>")]
    public void Nothing_is_published_to_a_pattern(string topic) =>
        Assert.Contains("only patterns", Assert.Throws<ArgumentException>(nameof(topic), () => TopicSubscription.ThrowIfNoTopic(topic)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("orders.*", null, 0, "topic:orders.*")]
    [InlineData("a:b", null, 7, "topic#7:a:b")]
    [InlineData("jobs.>", "billing", 0, "queue:billing:jobs.>")]
    [InlineData("a:b", "billing", 1024, "queue#1024:billing:a:b")]
    public void A_subscription_is_read_from_its_text(string pattern, string? queue, int number, string action)
    {
        var subscription = new TopicSubscription(pattern, queue, number);
        Assert.Equal(action, subscription.Action);
        Assert.Equal(ActionHash.Compute(action), subscription.ActionHash);

        Assert.True(TopicSubscription.TryParse(subscription.Text, out TopicSubscription? read));
        Assert.Equal((pattern, queue, number, action), (read.Pattern, read.Queue, read.Number, read.Action));
    }

    [Theory]
    [InlineData("topic:orders")]
    [InlineData("\u0003")]
    [InlineData("\u0003:")]
    [InlineData("\u0003topic:")]
    [InlineData("\u0003topic")]
    [InlineData("\u0003topics:orders")]
    [InlineData("\u0003topic#:orders")]
    [InlineData("\u0003topic#0:orders")]
    [InlineData("\u0003topic#01:orders")]
    [InlineData("\u0003topic#-1:orders")]
    [InlineData("\u0003topic#99999999999:orders")]
    [InlineData("\u0003topic:orders..placed")]
    [InlineData("\u0003queue:orders")]
    [InlineData("\u0003queue::orders")]
    public void What_is_no_subscription_s_text_is_not_read(string text) => Assert.False(TopicSubscription.TryParse(text, out _));

    [Fact]
    public void What_a_peer_says_of_its_subscriptions_is_no_action_and_what_is_malformed_is_passed_over()
    {
        var subscription = new TopicSubscription("orders.*");
        var actions = new PeerActions(["quote", subscription.Text, subscription.Text, "\u0003topic:"]);

        Assert.Equal(["quote"], actions.Names);
        Assert.Equal("topic:orders.*", Assert.Single(actions.Subscriptions).Action);
        Assert.True(actions.Contains(subscription.ActionHash));
        Assert.Equal(4, actions.Texts.Count);
    }

    private static string[] Segments(Random random, string[] of) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => of[random.Next(of.Length)])];
}

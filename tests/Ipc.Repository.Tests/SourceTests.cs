using System.Text.RegularExpressions;

namespace Ipc.Repository.Tests;

/// <summary>Habits that a reader of the product's source can count on.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void No_source_of_the_product_is_unfinished()
    {
        Assert.Empty(Matches("src", Unfinished()));
    }

    [Fact]
    public void No_source_of_the_product_sleeps_or_swallows_exceptions()
    {
        Assert.Empty(Matches("src", SleepOrEmptyCatch()));
    }

    [Fact]
    public void No_file_holds_two_public_types()
    {
        Assert.Empty(Repository.Files("src", ".cs")
            .Select(path => (path, types: PublicTopLevelType().Matches(Repository.Read(path)).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Count()))
            .Where(file => file.types > 1)
            .Select(file => $"{file.path} holds {file.types} public types"));
    }

    [Theory]
    [InlineData("    // TODO: later")]
    [InlineData("    throw new NotImplementedException();")]
    public void Unfinished_source_is_recognised(string line) => Assert.Matches(Unfinished(), line);

    [Theory]
    [InlineData("    Thread.Sleep(1);")]
    [InlineData("    catch { }")]
    [InlineData("    catch (Exception)\n    {\n    }")]
    public void Sleeping_and_swallowing_source_is_recognised(string lines) => Assert.Matches(SleepOrEmptyCatch(), lines);

    private static IEnumerable<string> Matches(string folder, Regex pattern) =>
        from path in Repository.Files(folder, ".cs")
        let text = Repository.Read(path)
        from Match match in pattern.Matches(text)
        select $"{path}:{1 + text.AsSpan(0, match.Index).Count('\n')}: {match.Value.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();

    // A thread that is there to stay may block for ever; sleeping for a while hides a missing condition.
    [GeneratedRegex(@"\bThread\.Sleep\b(?!\(Timeout\.Infinite\))|\bcatch\b\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex SleepOrEmptyCatch();

    // Types of one name and another number of type parameters share a file.
    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|readonly|partial|unsafe|ref) )*(?:class|struct|record struct|record class|record|interface|enum|delegate \S+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicTopLevelType();
}

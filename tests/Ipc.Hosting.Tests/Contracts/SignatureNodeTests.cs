using Ipc.Contracts;
using Xunit;

namespace Ipc.Hosting.Tests.Contracts;

/// <summary>Which differences of two signatures are told, and which are compatible.</summary>
public sealed class SignatureNodeTests
{
    [Theory]
    [InlineData("call(request:message(a:int),result:int)", "call(request:message(a:int),result:int)")]
    [InlineData("call(request:message(a:int),result:int)", "call(request:message(a:int,b:text),result:int)")] // added behind
    [InlineData("call(request:message(a:int),result:int)", "call(request:message(renamed:int),result:int)")]
    [InlineData("call(request:message(),result:message(a:int))", "call(request:message(),result:message(a:int,b:list(0:int)))")]
    [InlineData("map(a:int,b:text)", "map(b:text,c:int,a:int)")] // found by their keys
    [InlineData("union(0:message(a:int),1:message())", "union(1:message(),0:message(a:int,b:int),2:int)")]
    [InlineData("list(0:any)", "list(0:text)")] // too deep to be told
    [InlineData("message(a:up1)", "message(a:up1,b:int)")]
    public void What_each_side_reads_of_the_other_is_no_difference(string one, string other)
    {
        Assert.Null(Difference(one, other));
        Assert.Null(Difference(other, one));
    }

    [Theory]
    [InlineData("call(request:message(a:int))", "call(request:message(a:text))", "X.request.a is int here and text there")]
    [InlineData("call(request:message(a:int,b:int))", "call(request:message(b:int,a:int))", "X.request has a here where b is there")]
    [InlineData("call(request:message(a:int,c:int))", "call(request:message(a:int,b:int,c:int))", "X.request has c here where b is there")]
    [InlineData("call(result:list(0:int))", "call(result:nullable(0:text))", "X.result is list of int here and nullable of text there")]
    [InlineData("call(result:list(0:int))", "call(result:list(0:text))", "X.result.0 is int here and text there")]
    [InlineData("call(result:tuple(0:int,1:int))", "call(result:tuple(0:int))", "X.result has 2 items here and 1 there")]
    [InlineData("map(a:int,b:text)", "map(b:int)", "X.b is text here and int there")]
    [InlineData("call(request:message)", "stream(request:message)", "X is call here and stream there")]
    public void What_one_side_would_misread_is_told(string one, string other, string difference)
    {
        Assert.Equal(difference, Difference(one, other));
        Assert.NotNull(Difference(other, one));
    }

    [Theory]
    [InlineData("call(result:{0})")]
    [InlineData("upload(request:message,items:int,result:{0})")]
    public void A_caller_without_a_result_passes_over_any_and_one_with_a_result_needs_it(string form)
    {
        string without = form.Replace("{0}", "nothing", StringComparison.Ordinal);
        string with = form.Replace("{0}", "int", StringComparison.Ordinal);

        Assert.Null(Difference(without, with));
        Assert.Equal("X.result is int here and nothing there", Difference(with, without));
    }

    [Theory]
    [InlineData("")]
    [InlineData("call(")]
    [InlineData("call()")]
    [InlineData("call(a)")]
    [InlineData("call(a:int")]
    [InlineData("call(a:int))")]
    [InlineData("call(a:int,)")]
    [InlineData("list")]
    [InlineData("call(a:)")]
    public void What_is_no_signature_is_not_compared(string text) => Assert.Null(SignatureNode.Parse(text));

    [Fact]
    public void A_text_that_nests_without_an_end_is_refused() =>
        Assert.Null(SignatureNode.Parse(string.Concat(Enumerable.Repeat("list(0:", 1_000)) + "int" + new string(')', 1_000)));

    private static string? Difference(string one, string other) => Parse(one).Difference(Parse(other), "X");

    private static SignatureNode Parse(string text) => SignatureNode.Parse(text.Replace("message()", "message", StringComparison.Ordinal))!;
}

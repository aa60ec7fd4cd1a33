using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Core.Visitors.Expressions;

namespace Signpost.Core.Tests.Visitors;

/// <summary>Expressions as .NET reads them, which backtracks without a bound, are the measure of all that is made of ours.</summary>
public sealed class ExpressionTests
{
    private static readonly Gen<string> Texts = Gen.Elements("a", "b", "C", "c", "ab", "/", "1", " ", "\u00E9")
        .ListOf()
        .Select(some => string.Concat(some));

    [Theory]
    [InlineData("(?i)abc")]
    [InlineData(@"a\x20b")]
    [InlineData("(?<name>a)bc")]
    [InlineData("ab[")]
    [InlineData("ab)")]
    [InlineData("(ab")]
    [InlineData("a{2")]
    [InlineData("a{3,2}")]
    [InlineData("*a")]
    [InlineData("[z-a]")]
    [InlineData("[]")]
    [InlineData("\u00E9")]
    [InlineData("a\\")]
    public void Patterns_that_are_wrong_or_of_another_dialect_are_refused(string pattern) =>
        Assert.Throws<NotSupportedException>(() => ExpressionReader.Read(pattern));

    [Theory]
    [InlineData("a(?=b)")]
    [InlineData("a(?!b)c")]
    [InlineData("(?<=a)b")]
    public void A_set_of_patterns_refuses_to_look_around_in_ways_that_it_cannot(string pattern) =>
        Assert.Throws<NotSupportedException>(() => new PatternSet([pattern], ignoresCase: true));

    [Fact]
    public void Every_match_passes_the_filter_and_every_way_to_match_says_the_same()
    {
        var cases = from pattern in Patterns(3) from text in Texts select (pattern, text);

        Check.One(
            Laws.Over(5_000),
            Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    var matches = Regex.IsMatch(one.text, one.pattern, RegexOptions.ECMAScript);
                    var expression = ExpressionReader.Read(one.pattern);
                    var filter = new ExpressionFilter([expression]);
                    Span<ulong> found = [0];
                    filter.Find(one.text, found);
                    return (found[0] == 1 || !matches)
                        && new PatternSet([one.pattern], ignoresCase: false).Matches(one.text) == matches
                        && Matches(expression, one.text) == matches;
                }
            )
        );
    }

    [Fact]
    public void Patterns_together_match_if_one_does_with_conditions_around_them_and_without_case()
    {
        var around = Gen.Elements("", "(?<!ab|/)", "(?<! c)");
        var behind = Gen.Elements("", "(?!b|/)", "(?!(?:ca|1|b/))");
        var pattern = from before in around from core in Patterns(2) from after in behind select before + core + after;
        var cases = from one in pattern from two in pattern from text in Texts select (one, two, text);

        Check.One(
            Laws.Over(5_000),
            Prop.ForAll(
                cases.ToArbitrary(),
                some =>
                {
                    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
                    // There \w knows all letters.
                    var text = some.text.Replace('\u00E9', '-');
                    var matches = Regex.IsMatch(text, some.one, Options) || Regex.IsMatch(text, some.two, Options);
                    return new PatternSet([some.one, some.two], ignoresCase: true).Matches(text) == matches;
                }
            )
        );
    }

    [Theory]
    [InlineData("(a+)+b")]
    [InlineData("(a|aa)+b")]
    [InlineData("(?:a{1,200}a){1,5}b")]
    [InlineData("a{1,200}a{1,200}a{1,200}b")]
    public void Backtracking_that_would_never_end_ends(string pattern)
    {
        // Characters times the longest run, for few instructions.
        const int Most = 1024 * 1024 * 2;
        var steps = Most;
        Span<int> places = stackalloc int[8];

        Assert.False(new Matcher(ExpressionReader.Read(pattern)).TryMatch(new string('a', 1024), places, ref steps));
        Assert.InRange(steps, 0, Most);
    }

    [Fact]
    public void Without_enough_steps_nothing_is_found()
    {
        var matcher = new Matcher(ExpressionReader.Read("(a|b)+c"));
        Span<int> places = stackalloc int[4];
        var steps = 20;

        Assert.False(matcher.TryMatch("ababababababababc", places, ref steps));
        Assert.True(steps < 0);

        steps = 1_000;
        Assert.True(matcher.TryMatch("ababababababababc", places, ref steps));
        Assert.True(steps > 0);
    }

    private static bool Matches(Expression expression, string text)
    {
        var matcher = new Matcher(expression);
        var steps = 1_000_000;
        return matcher.TryMatch(text, stackalloc int[matcher.Places], ref steps);
    }

    private static Gen<string> Patterns(int depth)
    {
        var leaves = Gen.Elements("a", "b", "C", "ab", "/", ".", @"\d", @"\w", @"\s", "[aC]", "[^a]", @"\b", "^", "$");
        if (depth == 0)
            return leaves;

        var inner = Patterns(depth - 1);
        return Gen.OneOf(
            leaves,
            inner.SelectMany(_ => inner, (one, two) => one + two),
            inner.SelectMany(_ => inner, (one, two) => $"({one}|{two})"),
            inner.Select(one => $"(?:{one}|)"),
            inner.SelectMany(
                _ => Gen.Elements("?", "*", "+", "{2}", "{0,2}", "{1,3}?"),
                (one, often) => $"(?:{one}){often}"
            )
        );
    }
}

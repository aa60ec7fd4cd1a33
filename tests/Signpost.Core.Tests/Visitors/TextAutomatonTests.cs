using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Visitors.Agents;

namespace Signpost.Core.Tests.Visitors;

public sealed class TextAutomatonTests
{
    [Fact]
    public void Every_text_is_found_where_it_is_and_nowhere_else()
    {
        var letters = Gen.Elements("a", "b", "A", "B", "/", "\u00E9", "\u212A").ListOf();
        var texts = Gen.Elements("a", "b", "k", "/").NonEmptyListOf().Select(some => string.Concat(some));
        var cases =
            from needles in texts.NonEmptyListOf()
            from text in letters.Select(some => string.Concat(some))
            select (needles: needles.Distinct().Take(64).ToArray(), text);

        Check.One(
            Laws.Over(3_000),
            Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    Span<ulong> found = [0];
                    new TextAutomaton(one.needles).Find(one.text, found);
                    for (var index = 0; index < one.needles.Length; index++)
                        if (((found[0] >> index) & 1) == 1 != IsIn(one.text, one.needles[index]))
                            return false;
                    return true;
                }
            )
        );
    }

    // Of capitals only ASCII's: the Kelvin sign is no k.
    private static bool IsIn(string text, string needle) =>
        string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c | 32) : c))
            .Contains(needle, StringComparison.Ordinal);
}

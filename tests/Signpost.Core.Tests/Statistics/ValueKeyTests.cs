using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

public sealed class ValueKeyTests
{
    private static readonly Gen<string?> Text = Gen.Elements<string?>(
        null,
        "",
        " ",
        "Paris",
        "FR",
        "a/b",
        "日本",
        "😀"
    );

    [Fact]
    public void A_key_holds_each_text_whichever_are_missing()
    {
        var cases = from value in Text from parent in Text from second in Text select (value, parent, second);

        Prop.ForAll(
                cases.ToArbitrary(),
                made =>
                {
                    var (value, parent, second) = made;

                    Assert.Equal((string?[])[value], ValueKey.Split(ValueKey.Of(value), 0));
                    Assert.Equal((string?[])[value, parent], ValueKey.Split(ValueKey.Of(value, parent), 1));
                    Assert.Equal(
                        (string?[])[value, parent, second],
                        ValueKey.Split(ValueKey.Of(value, parent, second), 2)
                    );
                }
            )
            .Check(Laws.Over(1_000));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Paris")]
    public void A_stored_value_from_before_values_had_parents_is_one_with_unknown_parents(string? stored)
    {
        Assert.Equal(stored, ValueKey.Of(stored, null, null));
        Assert.Equal((string?[])[stored, null, null], ValueKey.Split(stored, 2));
    }

    [Fact]
    public void The_parents_of_a_dimension_are_the_texts_before_it_in_its_group()
    {
        foreach (var dimension in Enum.GetValues<Dimension>())
        {
            var column = DimensionColumn.Of(dimension);
            Assert.Equal(
                Enumerable
                    .Range(column.Text - column.Parents, column.Parents)
                    .Select(text => (column.Group, Text: text)),
                Dimensions.ParentsOf(dimension).Select(DimensionColumn.Of).Select(parent => (parent.Group, parent.Text))
            );
        }
    }
}

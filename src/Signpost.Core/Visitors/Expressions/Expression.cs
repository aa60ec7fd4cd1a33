namespace Signpost.Core.Visitors.Expressions;

/// <summary>A regular expression as a tree.</summary>
internal abstract record Expression
{
    /// <summary>The characters that a match can begin with, and whether a match can be empty.</summary>
    public (CharacterSet First, bool IsNullable) Beginning =>
        this switch
        {
            One one => (one.Set, false),
            Sequence sequence => BeginningOf(sequence),
            Either either => either
                .Branches.Select(branch => branch.Beginning)
                .Aggregate((one, two) => (one.First | two.First, one.IsNullable || two.IsNullable)),
            Repeat repeat => (repeat.Inner.Beginning.First, repeat.Least == 0 || repeat.Inner.Beginning.IsNullable),
            Capture capture => capture.Inner.Beginning,
            _ => (default(CharacterSet), true),
        };

    private static (CharacterSet First, bool IsNullable) BeginningOf(Sequence sequence)
    {
        var first = default(CharacterSet);
        foreach (var part in sequence.Parts)
        {
            var (set, isNullable) = part.Beginning;
            first |= set;
            if (!isNullable)
                return (first, false);
        }

        return (first, true);
    }
}

/// <summary>One character of a set.</summary>
internal sealed record One(CharacterSet Set) : Expression;

internal sealed record Sequence(IReadOnlyList<Expression> Parts) : Expression;

internal sealed record Either(IReadOnlyList<Expression> Branches) : Expression;

/// <param name="Most">The most repetitions; <see cref="int.MaxValue"/>: no limit.</param>
/// <param name="IsLazy">Tries as few as possible first.</param>
internal sealed record Repeat(Expression Inner, int Least, int Most, bool IsLazy) : Expression;

/// <param name="Number">From 1.</param>
internal sealed record Capture(Expression Inner, int Number) : Expression;

/// <summary>A place, of no length.</summary>
internal sealed record Edge(EdgeKind Kind) : Expression;

/// <summary>A condition on the text before or after a place.</summary>
internal sealed record Look(Expression Inner, bool IsBehind, bool IsNegative) : Expression;

internal enum EdgeKind
{
    Begin,
    End,

    /// <summary>A place between a word character and another character or an end.</summary>
    Boundary,
    NoBoundary,
}

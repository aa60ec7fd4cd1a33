namespace Signpost.Core.Visitors.Expressions;

/// <summary>
/// Makes an automaton of expressions: first a graph whose nodes stand for places in them, then a state for each set of
/// nodes that a text can lead to.
/// </summary>
internal sealed class AutomatonBuilder
{
    /// <summary>More states are refused: the caller must divide the expressions among several automata.</summary>
    private const int MostStates = 20_000;

    private const int Found = 0;
    private const int Lost = 1;

    // This node stays at each character, so that a match may begin anywhere.
    private const int Anywhere = 2;

    private readonly bool _ignoresCase;
    private readonly List<Node> _nodes = [new(NodeKind.Found), new(NodeKind.Lost), new(NodeKind.Fork)];
    private readonly List<int> _starts = [Anywhere];

    private AutomatonBuilder(bool ignoresCase)
    {
        _ignoresCase = ignoresCase;
        _nodes[Anywhere].Next.Add(Add(new Node(NodeKind.Set) { Set = CharacterSet.All, Next = { Anywhere } }));
    }

    /// <exception cref="NotSupportedException">An expression is not regular, or there are too many.</exception>
    public static Automaton Build(IEnumerable<Expression> expressions, bool ignoresCase)
    {
        var builder = new AutomatonBuilder(ignoresCase);
        foreach (var expression in expressions)
            builder.AddAnywhere(expression, Found);
        return builder.Determine();
    }

    private void AddAnywhere(Expression expression, int next)
    {
        var isAtBegin = expression is Sequence { Parts: [Edge { Kind: EdgeKind.Begin }, ..] };
        (isAtBegin ? _starts : _nodes[Anywhere].Next).Add(Add(expression, next));
    }

    private int Add(Node node)
    {
        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    private int Add(Expression expression, int next) =>
        expression switch
        {
            One one => Add(new Node(NodeKind.Set) { Set = one.Set, Next = { next } }),
            Sequence sequence => sequence.Parts.Reverse().Aggregate(next, (after, part) => Add(part, after)),
            Either either => AddFork(either.Branches.Select(branch => Add(branch, next))),
            Repeat repeat => AddRepeat(repeat, next),
            Capture capture => Add(capture.Inner, next),
            Edge edge => Add(new Node(NodeKind.Edge) { Edge = edge.Kind, Next = { next } }),
            Look { IsNegative: true, IsBehind: true } look => AddNotBehind(look, next),
            Look { IsNegative: true } look when next == Found => AddNotAhead(look),
            _ => throw new NotSupportedException("Only (?<!…), and (?!…) at the end, can be looked around for."),
        };

    private int AddFork(IEnumerable<int> next)
    {
        var node = new Node(NodeKind.Fork);
        node.Next.AddRange(next);
        return Add(node);
    }

    private int AddRepeat(Repeat repeat, int next)
    {
        var entry = next;
        if (repeat.Most == int.MaxValue)
        {
            entry = AddFork([next]);
            _nodes[entry].Next.Add(Add(repeat.Inner, entry));
        }

        for (var time = repeat.Most == int.MaxValue ? repeat.Least : repeat.Most; time > 0; time--)
        {
            entry = Add(repeat.Inner, entry);
            if (time > repeat.Least)
                entry = AddFork([next, entry]);
        }

        return entry;
    }

    // This adds a node that is reached at each end of the unwanted text.
    private int AddNotBehind(Look look, int next)
    {
        var end = Add(new Node(NodeKind.Mark));
        AddAnywhere(look.Inner, end);
        return Add(new Node(NodeKind.NotBehind) { Mark = end, Next = { next } });
    }

    // The tree of the unwanted texts: leaving it, or the text's end, is a match; the end of an unwanted text is none.
    private int AddNotAhead(Look look)
    {
        var texts = RequiredText.AllOf(look.Inner) ?? throw new NotSupportedException("Too much is looked for ahead.");
        if (!_ignoresCase && texts.Any(text => text.Any(char.IsAsciiLetter)))
            throw new NotSupportedException("Letters can be looked for ahead only where case is ignored.");
        return AddTree(texts);
    }

    private int AddTree(IReadOnlyCollection<string> texts)
    {
        if (texts.Contains(""))
            return Lost;

        var rest = CharacterSet.All;
        var fork = AddFork([Add(new Node(NodeKind.Edge) { Edge = EdgeKind.End, Next = { Found } })]);
        foreach (var group in texts.GroupBy(text => text[0]))
        {
            var set = CharacterSet.Of(group.Key);
            if (_ignoresCase)
                set = set.WithBothCases();
            rest = new(rest.Low & ~set.Low, rest.High & ~set.High, true);
            var inner = AddTree([.. group.Select(text => text[1..])]);
            _nodes[fork].Next.Add(Add(new Node(NodeKind.Set) { Set = set, Next = { inner } }));
        }

        _nodes[fork].Next.Add(Add(new Node(NodeKind.Set) { Set = rest, Next = { Found } }));
        return fork;
    }

    private Automaton Determine()
    {
        if (_nodes.Count > char.MaxValue)
            throw new NotSupportedException("The expressions are too long for one automaton.");

        var columns = new Columns(_nodes.Where(node => node.Kind == NodeKind.Set).Select(node => node.Set));
        var states = new States(_nodes, columns);
        states.NumberOf([.. _starts], isBegin: true, afterWord: false);
        for (var state = 0; state < states.Count; state++)
            if (state == MostStates)
                throw new NotSupportedException("The expressions are too many for one automaton.");
            else
                states.Complete(state);
        return new(columns, states.Table);
    }
}

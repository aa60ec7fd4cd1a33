using System.Runtime.InteropServices;

namespace Signpost.Core.Visitors.Expressions;

internal enum NodeKind
{
    /// <summary>A match ends here.</summary>
    Found,

    /// <summary>It has no successor.</summary>
    Lost,

    /// <summary>Leads to all its successors without a character.</summary>
    Fork,

    /// <summary>Leads on by a character of a set.</summary>
    Set,

    /// <summary>Leads on at a place of this kind.</summary>
    Edge,

    /// <summary>Reached at the end of an unwanted text.</summary>
    Mark,

    /// <summary>Leads on if its mark is not reached.</summary>
    NotBehind,
}

/// <summary>A place in the expressions.</summary>
internal sealed record Node(NodeKind Kind)
{
    public List<int> Next { get; } = [];

    public CharacterSet Set { get; init; }

    public EdgeKind Edge { get; init; }

    public int Mark { get; init; }
}

/// <summary>The states of an automaton and its table, which grow together.</summary>
internal sealed class States
{
    private readonly Node[] _nodes;
    private readonly Columns _columns;
    private readonly int[][] _columnsOf;
    private readonly List<int>[] _targets;
    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _numbersByKey;
    private readonly List<char> _key = [];
    private readonly List<State> _states = [];
    private readonly List<int> _table = [];

    private readonly List<int> _reached = [];
    private readonly bool[] _isReached;
    private readonly List<int> _waiting = [];

    public States(IReadOnlyList<Node> nodes, Columns columns)
    {
        (_nodes, _columns) = ([.. nodes], columns);
        _numbersByKey = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        _columnsOf =
        [
            .. nodes.Select(node => node.Kind == NodeKind.Set && !LeadsNowhere(node) ? columns.Of(node.Set) : []),
        ];
        _targets = [.. Enumerable.Range(0, columns.Count).Select(_ => new List<int>())];
        _isReached = new bool[nodes.Count];
    }

    private enum Follows
    {
        Word,
        Other,
        End,
    }

    public int Count => _states.Count;

    public int[] Table => [.. _table];

    /// <summary>The row of the state for these nodes; made if it is a new one.</summary>
    public int NumberOf(List<int> nodes, bool isBegin, bool afterWord)
    {
        nodes.Sort();
        _key.Clear();
        _key.Add((char)((isBegin ? 2 : 0) + (afterWord ? 1 : 0)));
        foreach (var node in nodes)
            if (_key.Count == 1 || _key[^1] != node)
                _key.Add((char)node);

        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _numbersByKey,
            CollectionsMarshal.AsSpan(_key),
            out var isKnown
        );
        if (!isKnown)
        {
            number = _states.Count * (_columns.Count + 1);
            _states.Add(new([.. nodes.Distinct()], isBegin, afterWord));
        }

        return number;
    }

    /// <summary>Adds a state's row to the table, after the rows of all earlier states.</summary>
    public void Complete(int number)
    {
        var state = _states[number];
        CollectionsMarshal.SetCount(_table, (number + 1) * (_columns.Count + 1));
        Step(state, Follows.Word, number);
        Step(state, Follows.Other, number);
        Reach(state, Follows.End);
        Set(number, _columns.Count, _isReached[0] ? Automaton.Accepted : 0);
    }

    private void Step(State state, Follows follows, int number)
    {
        Reach(state, follows);
        foreach (var targets in _targets)
            targets.Clear();
        foreach (var node in _reached)
        foreach (var column in _columnsOf[node])
            _targets[column].Add(_nodes[node].Next[0]);

        for (var column = 0; column < _targets.Length; column++)
            if (_columns.IsWord(column) == (follows == Follows.Word))
                Set(
                    number,
                    column,
                    _isReached[0]
                        ? Automaton.Accepted
                        : NumberOf(_targets[column], isBegin: false, _columns.IsWord(column))
                );
    }

    private bool LeadsNowhere(Node node) => _nodes[node.Next[0]].Kind == NodeKind.Lost;

    private void Set(int number, int column, int next) => _table[number * (_columns.Count + 1) + column] = next;

    // All nodes that a state's nodes lead to without a character.
    private void Reach(State state, Follows follows)
    {
        foreach (var node in _reached)
            _isReached[node] = false;
        _reached.Clear();
        _waiting.Clear();

        foreach (var node in state.Nodes)
            Visit(node);
        Follow(state, follows, 0);

        // All marks are reached by now: they do not depend on such a condition themselves.
        var from = _reached.Count;
        foreach (var node in _waiting.ToArray())
            if (!_isReached[_nodes[node].Mark])
                Visit(_nodes[node].Next[0]);
        _waiting.Clear();
        Follow(state, follows, from);
        if (_waiting.Count > 0)
            throw new NotSupportedException("Only one look behind can stand at a place.");
    }

    private void Follow(State state, Follows follows, int from)
    {
        for (var at = from; at < _reached.Count; at++)
        {
            var node = _nodes[_reached[at]];
            if (node.Kind == NodeKind.NotBehind)
                _waiting.Add(_reached[at]);
            else if (node.Kind == NodeKind.Fork || (node.Kind == NodeKind.Edge && Holds(node.Edge, state, follows)))
                foreach (var next in node.Next)
                    Visit(next);
        }
    }

    private void Visit(int node)
    {
        if (_isReached[node])
            return;
        _isReached[node] = true;
        _reached.Add(node);
    }

    private static bool Holds(EdgeKind edge, State state, Follows follows) =>
        edge switch
        {
            EdgeKind.Begin => state.IsBegin,
            EdgeKind.End => follows == Follows.End,
            EdgeKind.Boundary => state.AfterWord != (follows == Follows.Word),
            _ => state.AfterWord == (follows == Follows.Word),
        };

    private sealed record State(int[] Nodes, bool IsBegin, bool AfterWord);
}

using System.Text;

namespace Signpost.Core.Visitors.Expressions;

/// <summary>Makes the instructions of a <see cref="Matcher"/> from an expression.</summary>
internal sealed class MatcherBuilder
{
    private readonly List<Instruction> _code = [];

    /// <summary>The number of memory rows that the instructions need: each holds a bit for each place of a text.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of places in a match: begin and end of each group, the whole first.</summary>
    public int Places { get; private set; } = 2;

    /// <exception cref="NotSupportedException">The expression has a look-around.</exception>
    public Instruction[] Build(Expression expression)
    {
        Add(new Instruction(Operation.Save) { Slot = 0 });
        Add(expression);
        Add(new Instruction(Operation.Save) { Slot = 1 });
        Add(new Instruction(Operation.Found));
        foreach (var (instruction, at) in _code.Select((instruction, at) => (instruction, at)))
            if (instruction.Operation == Operation.Run)
                instruction.Text = TextAt(at + 1);
        return [.. _code];
    }

    private int Add(Instruction instruction)
    {
        _code.Add(instruction);
        return _code.Count - 1;
    }

    private void Add(Expression expression)
    {
        switch (expression)
        {
            case One one:
                Add(OneOf(one.Set));
                break;
            case Sequence sequence:
                AddSequence(sequence);
                break;
            case Either either:
                AddEither(either);
                break;
            case Repeat { Inner: One one } repeat:
                AddRun(one.Set, repeat);
                break;
            case Repeat repeat:
                AddRepeat(repeat);
                break;
            case Capture capture:
                AddCapture(capture);
                break;
            case Edge edge:
                Add(new Instruction(Operation.Edge) { Edge = edge.Kind });
                break;
            default:
                throw new NotSupportedException("A match of steps cannot look around.");
        }
    }

    private static Instruction OneOf(CharacterSet set) =>
        set.Single is { } single ? new(Operation.Text) { Text = $"{single}" } : new(Operation.One) { Set = set };

    private void AddSequence(Sequence sequence)
    {
        var text = new StringBuilder();
        foreach (var part in sequence.Parts)
        {
            if (part is One { Set.Single: { } single })
            {
                text.Append(single);
                continue;
            }

            AddText(text);
            Add(part);
        }

        AddText(text);
    }

    private void AddText(StringBuilder text)
    {
        if (text.Length > 0)
            Add(new Instruction(Operation.Text) { Text = $"{text}" });
        text.Clear();
    }

    private void AddRun(CharacterSet set, Repeat repeat)
    {
        Add(
            new Instruction(Operation.Run)
            {
                Set = set,
                TakesAll = set == ~CharacterSet.Of('\n'),
                Least = repeat.Least,
                Most = repeat.Most,
                IsLazy = repeat.IsLazy,
                Slot = Rows,
            }
        );
        Rows += 2;
    }

    private Instruction AddChoose()
    {
        var choose = new Instruction(Operation.Choose) { Slot = Rows++ };
        Add(choose);
        return choose;
    }

    private void AddEither(Either either)
    {
        var choose = AddChoose();
        List<Instruction> jumps = [];
        List<int> ways = [];
        foreach (var branch in either.Branches)
        {
            ways.Add(_code.Count);
            Add(branch);
            jumps.Add(new(Operation.Jump));
            Add(jumps[^1]);
        }

        choose.SetWays([.. ways], [.. either.Branches.Select(branch => branch.Beginning)]);
        foreach (var jump in jumps)
            jump.SetWays([_code.Count]);
    }

    private void AddRepeat(Repeat repeat)
    {
        for (var time = 0; time < repeat.Least; time++)
            Add(repeat.Inner);

        if (repeat.Most == int.MaxValue)
        {
            var start = _code.Count;
            var choose = AddChoose();
            Add(repeat.Inner);
            var jump = new Instruction(Operation.Jump);
            Add(jump);
            jump.SetWays([start]);
            SetWays(choose, start + 1, repeat.IsLazy);
            return;
        }

        List<(Instruction Choose, int At)> chooses = [];
        for (var time = repeat.Least; time < repeat.Most; time++)
        {
            chooses.Add((AddChoose(), _code.Count));
            Add(repeat.Inner);
        }

        foreach (var (choose, at) in chooses)
            SetWays(choose, at, repeat.IsLazy);
    }

    private void SetWays(Instruction choose, int inner, bool isLazy) =>
        choose.SetWays(isLazy ? [_code.Count, inner] : [inner, _code.Count]);

    private void AddCapture(Capture capture)
    {
        Places = Math.Max(Places, capture.Number * 2 + 2);
        Add(new Instruction(Operation.Save) { Slot = capture.Number * 2 });
        Add(capture.Inner);
        Add(new Instruction(Operation.Save) { Slot = capture.Number * 2 + 1 });
    }

    // The text that must come first from here on; null: unknown.
    private string? TextAt(int at)
    {
        while (_code[at].Operation is Operation.Save or Operation.Jump)
            at = _code[at].Operation == Operation.Jump ? _code[at].Ways[0] : at + 1;
        return _code[at].Operation == Operation.Text ? _code[at].Text : null;
    }
}

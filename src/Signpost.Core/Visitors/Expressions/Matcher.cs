using System.Buffers;

namespace Signpost.Core.Visitors.Expressions;

/// <summary>
/// Finds the first match of an expression and its groups by backtracking, but never continues twice from the same place
/// of the expression at the same character. So the steps are at most places times characters times the longest run of
/// characters, and the caller limits them further. Safe on any thread.
/// </summary>
internal sealed class Matcher
{
    /// <summary>The number of characters that are skipped for one step.</summary>
    private const int CharactersPerStep = 16;

    [ThreadStatic]
    private static Memory? t_memory;

    private readonly Instruction[] _code;
    private readonly int _rows;
    private readonly string? _prefix;
    private readonly bool _isAtBegin;
    private readonly SearchValues<char>? _firstOnes;

    /// <exception cref="NotSupportedException">The expression has a look-around.</exception>
    public Matcher(Expression expression)
    {
        var builder = new MatcherBuilder();
        _code = builder.Build(expression);
        (_rows, Places) = (builder.Rows, builder.Places);

        var first = _code.First(instruction => instruction.Operation != Operation.Save);
        _isAtBegin = first is { Operation: Operation.Edge, Edge: EdgeKind.Begin };
        _prefix = first.Operation == Operation.Text ? first.Text : null;
        var (set, isNullable) = expression.Beginning;
        _firstOnes = isNullable || set.Others || _prefix is not null ? null : SearchValues.Create([.. set.Characters]);
    }

    /// <summary>The number of places in a match: begin and end of the whole and of each group.</summary>
    public int Places { get; }

    /// <summary>Finds the first match.</summary>
    /// <param name="places">Begin and end of the whole and of each group; -1 for a group without a match.</param>
    /// <param name="steps">The steps that may be made; on return, the rest. Below 0: they were not enough, and nothing is found.</param>
    public bool TryMatch(string text, Span<int> places, ref int steps)
    {
        var memory = t_memory ??= new();
        memory.Clear(_rows, text.Length);
        for (var start = FindStart(text, 0, ref steps); start >= 0; start = FindStart(text, start + 1, ref steps))
        {
            places.Fill(-1);
            if (Run(text, start, places, memory, ref steps))
                return true;
            if (steps < 0 || _isAtBegin)
                return false;
        }

        return false;
    }

    private int FindStart(string text, int from, ref int steps)
    {
        steps--;
        if (_isAtBegin)
            return from;
        if (from > text.Length)
            return -1;

        var rest = text.AsSpan(from);
        var found =
            _prefix is not null ? rest.IndexOf(_prefix)
            : _firstOnes is not null ? rest.IndexOfAny(_firstOnes)
            : 0;
        steps -= (found < 0 ? rest.Length : found) / CharactersPerStep;
        return found < 0 ? -1 : from + found;
    }

    private bool Run(string text, int at, Span<int> places, Memory memory, ref int steps)
    {
        var next = 0;
        while (steps-- > 0)
        {
            var instruction = _code[next];
            var goesOn = false;
            switch (instruction.Operation)
            {
                case Operation.Text:
                    goesOn = text.AsSpan(at).StartsWith(instruction.Text);
                    at += instruction.Text!.Length;
                    break;
                case Operation.One:
                    goesOn = at < text.Length && instruction.Set.Contains(text[at]);
                    at++;
                    break;
                case Operation.Edge:
                    goesOn = Holds(instruction.Edge, text, at);
                    break;
                case Operation.Save:
                    memory.Push(new(~instruction.Slot, places[instruction.Slot], 0));
                    places[instruction.Slot] = at;
                    goesOn = true;
                    break;
                case Operation.Jump:
                    next = instruction.Ways[0];
                    continue;
                case Operation.Choose:
                    if (memory.IsFirst(instruction.Slot, at))
                        memory.Push(new(next, at, 0));
                    break;
                case Operation.Run:
                    if (memory.IsFirst(instruction.Slot, at))
                        Start(instruction, next, text, at, memory, ref steps);
                    break;
                case Operation.Found:
                    memory.Drop();
                    return true;
            }

            if (goesOn)
                next++;
            else if (!TryGoBack(text, places, memory, ref next, ref at, ref steps))
                return false;
        }

        memory.Drop();
        steps = -1;
        return false;
    }

    // Records the range of possible ends of the run.
    private static void Start(Instruction run, int number, string text, int at, Memory memory, ref int steps)
    {
        var most = Math.Min(run.Most, text.Length - at);
        if (most < run.Least)
            return;

        var length = LengthOf(run, text.AsSpan(at, most));
        steps -= length / CharactersPerStep;
        if (length >= run.Least)
            memory.Push(new(number, at + run.Least, at + length));
    }

    private static int LengthOf(Instruction run, ReadOnlySpan<char> text)
    {
        if (run.TakesAll)
            return text.IndexOf('\n') is >= 0 and var end ? end : text.Length;

        var length = 0;
        while (length < text.Length && run.Set.Contains(text[length]))
            length++;
        return length;
    }

    // Returns to the last choice with another alternative.
    private bool TryGoBack(string text, Span<int> places, Memory memory, ref int next, ref int at, ref int steps)
    {
        while (memory.TryPop(out var choice))
        {
            steps--;
            if (choice.Number < 0)
            {
                places[~choice.Number] = choice.At;
                continue;
            }

            var instruction = _code[choice.Number];
            if (instruction.Operation == Operation.Run)
            {
                if (!TryEnd(instruction, choice, text, memory, out at, ref steps))
                    continue;
                next = choice.Number + 1;
                return true;
            }

            var ways = instruction.WaysAt(text, choice.At);
            if (choice.Other >= ways.Length)
                continue;
            if (choice.Other + 1 < ways.Length)
                memory.Push(choice with { Other = choice.Other + 1 });
            (next, at) = (ways[choice.Other], choice.At);
            return true;
        }

        return false;
    }

    // The next possible end of a run from which nobody has continued yet.
    private static bool TryEnd(Instruction run, Choice choice, string text, Memory memory, out int at, ref int steps)
    {
        var (low, high) = (choice.At, choice.Other);
        while (TryFindEnd(run, text, low, high, out at, ref steps))
        {
            (low, high) = run.IsLazy ? (at + 1, high) : (low, at - 1);
            if (!memory.IsFirst(run.Slot + 1, at))
                continue;

            if (low <= high)
                memory.Push(new(choice.Number, low, high));
            return true;
        }

        return false;
    }

    private static bool TryFindEnd(Instruction run, string text, int low, int high, out int at, ref int steps)
    {
        at = run.IsLazy ? low : high;
        if (low > high || steps-- <= 0)
            return false;
        if (run.Text is null)
            return true;

        var region = text.AsSpan(low, Math.Min(text.Length, high + run.Text.Length) - low);
        var found = run.IsLazy ? region.IndexOf(run.Text) : region.LastIndexOf(run.Text);
        steps -=
            (
                found < 0 ? region.Length
                : run.IsLazy ? found
                : region.Length - found
            ) / CharactersPerStep;
        at = low + found;
        return found >= 0;
    }

    private static bool Holds(EdgeKind edge, string text, int at) =>
        edge switch
        {
            EdgeKind.Begin => at == 0,
            EdgeKind.End => at == text.Length,
            EdgeKind.Boundary => IsWord(text, at - 1) != IsWord(text, at),
            _ => IsWord(text, at - 1) == IsWord(text, at),
        };

    private static bool IsWord(string text, int at) =>
        (uint)at < (uint)text.Length && CharacterSet.Word.Contains(text[at]);

    /// <summary>A choice to return to.</summary>
    /// <param name="Number">The instruction; below 0: the complement of the place to restore.</param>
    /// <param name="At">The place in the text; for a run the first end to try.</param>
    /// <param name="Other">The next alternative; for a run the last end.</param>
    private readonly record struct Choice(int Number, int At, int Other);

    /// <summary>The visited places and the open choices. A thread uses one for all its matches.</summary>
    private sealed class Memory
    {
        private ulong[] _seen = [];
        private int _width;
        private Choice[] _choices = new Choice[64];
        private int _count;

        public void Clear(int rows, int length)
        {
            _width = length + 1;
            var words = (rows * _width + 63) / 64;
            if (_seen.Length < words)
                _seen = new ulong[words];
            Array.Clear(_seen, 0, words);
        }

        public bool IsFirst(int row, int at)
        {
            var bit = row * _width + at;
            ref var word = ref _seen[bit >> 6];
            var isFirst = (word & (1UL << bit)) == 0;
            word |= 1UL << bit;
            return isFirst;
        }

        public void Push(Choice choice)
        {
            if (_count == _choices.Length)
                Array.Resize(ref _choices, _count * 2);
            _choices[_count++] = choice;
        }

        public bool TryPop(out Choice choice)
        {
            choice = _count > 0 ? _choices[_count - 1] : default;
            return _count > 0 && _count-- > 0;
        }

        public void Drop() => _count = 0;
    }
}

using System.Buffers;
using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>A group's entries over many pieces, each once, with their values in each dimension.</summary>
internal sealed class GroupEntries : IDisposable
{
    private const int UsualCharacters = 80;
    private static readonly string Person = KindNames.Of(ClickKind.Person);

    private readonly ClickGroup _group;
    private readonly DimensionColumn[] _texts;
    private readonly Dictionary<(string?, string?, string?, string?, string?), int> _entryOf = [];
    private readonly Vocabulary[] _values;
    private readonly List<int>[] _valueOf;
    private readonly List<string?[]> _entries = [];
    private readonly ushort[] _codes = ArrayPool<ushort>.Shared.Rent(ClickColumns.MostRows);
    private readonly int[] _entryOfCode = ArrayPool<int>.Shared.Rent(ClickColumns.MostRows);
    private ClickColumns? _columns;
    private readonly int _most = MemoryShare.Of(Vocabulary.MostOfRollup);
    private long _room;
    private int _other = -1;

    public GroupEntries(ClickGroup group)
    {
        _group = group;
        _room = (long)_most * UsualCharacters;
        _texts = DimensionColumn.AllOf(group);
        _values = [.. _texts.Select(_ => new Vocabulary(_most))];
        _valueOf = [.. _texts.Select(_ => new List<int>())];
    }

    public Vocabulary ValuesOf(int text) => _values[text];

    public int ValueOf(int entry, int text) => _valueOf[text][entry];

    /// <summary>The texts of all entries; null: some rows have an entry without its own texts.</summary>
    public IReadOnlyList<string?[]>? Entries => _other < 0 ? _entries : null;

    /// <summary>For the group of outcomes.</summary>
    public bool IsPerson(int entry) => _values[0][_valueOf[0][entry]] == Person;

    /// <summary>Continues with the next piece.</summary>
    public void Read(ClickColumns columns)
    {
        _columns = columns;
        columns.CopyCodes(_group, _codes);
        _entryOfCode.AsSpan(0, columns.EntriesOf(_group)).Fill(-1);
    }

    public int EntryOf(int row)
    {
        var code = _codes[row];
        var entry = _entryOfCode[code];
        return entry >= 0 ? entry : _entryOfCode[code] = Find(code);
    }

    public void Dispose()
    {
        ArrayPool<ushort>.Shared.Return(_codes);
        ArrayPool<int>.Shared.Return(_entryOfCode);
    }

    private int Append(Func<int, int> valueOf)
    {
        for (var text = 0; text < _values.Length; text++)
            _valueOf[text].Add(valueOf(text));
        return _valueOf[0].Count - 1;
    }

    private int Find(int code)
    {
        var key = (Text(0), Text(1), Text(2), Text(3), Text(4));
        if (_entryOf.TryGetValue(key, out var entry))
            return entry;
        var length = Length(key.Item1) + Length(key.Item2) + Length(key.Item3) + Length(key.Item4) + Length(key.Item5);
        if (_entryOf.Count >= _most || _room < length)
            return _other >= 0 ? _other : _other = Append(text => _values[text].Other());

        _room -= length;
        _entryOf.Add(key, entry = Append(text => _values[text].CodeOf(ValueKey.Of(_columns!, _texts[text], code))));
        _entries.Add([.. _texts.Select((_, text) => Text(text))]);
        return entry;

        static int Length(string? text) => text?.Length ?? 0;

        string? Text(int text) => text < _values.Length ? _columns!.TextOf(_group, code, text) : null;
    }
}

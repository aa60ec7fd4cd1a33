using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Signpost.Core.Statistics;

/// <summary>Writes rows as the bytes of <see cref="ClickColumns"/>, whose summary shows the format.</summary>
internal static class ClickColumnsWriter
{
    public static byte[] Encode(ReadOnlySpan<ClickRow> rows)
    {
        if (rows.Length > ClickColumns.MostRows)
            throw new ArgumentException($"At most {ClickColumns.MostRows} rows go together.", nameof(rows));

        BytesWriter bytes = new(1_024 + rows.Length * 20);
        bytes.Byte(ClickColumns.Version);
        bytes.Take(sizeof(uint));
        bytes.Number(rows.Length);
        WriteLinks(bytes, rows);
        WriteTimes(bytes, rows);
        WriteVisitors(bytes, rows);
        WriteWords(bytes, rows);
        WriteOutcomes(bytes, rows);
        WriteLinkVersions(bytes, rows);

        var result = bytes.ToArray();
        ClickColumns.Seal(result);
        return result;
    }

    private static void WriteLinks(BytesWriter bytes, ReadOnlySpan<ClickRow> rows)
    {
        var runs = 0;
        for (var row = 0; row < rows.Length; row++)
            if (row == 0 || rows[row].LinkId != rows[row - 1].LinkId)
                runs++;

        bytes.Number(runs);
        var before = 0L;
        for (int start = 0, end; start < rows.Length; start = end)
        {
            var link = rows[start].LinkId;
            for (end = start + 1; end < rows.Length && rows[end].LinkId == link; )
                end++;
            bytes.Signed(unchecked(link - before));
            bytes.Number(end - start);
            before = link;
        }
    }

    private static void WriteTimes(BytesWriter bytes, ReadOnlySpan<ClickRow> rows)
    {
        var before = 0L;
        foreach (ref readonly var row in rows)
        {
            bytes.Signed(unchecked(row.AtSeconds - before));
            before = row.AtSeconds;
        }
    }

    private static void WriteVisitors(BytesWriter bytes, ReadOnlySpan<ClickRow> rows)
    {
        var any = false;
        foreach (ref readonly var row in rows)
            any |= row.Visitor != 0;

        bytes.Byte(any ? (byte)ClickColumns.VisitorSize : (byte)0);
        if (!any)
            return;

        var into = bytes.Take(rows.Length * ClickColumns.VisitorSize);
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        foreach (ref readonly var row in rows)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(eight, row.Visitor);
            eight[..ClickColumns.VisitorSize].CopyTo(into);
            into = into[ClickColumns.VisitorSize..];
        }
    }

    private static void WriteWords(BytesWriter bytes, ReadOnlySpan<ClickRow> rows)
    {
        Entries<ClickPlace> places = new(rows.Length);
        Entries<ClickAgent> agents = new(rows.Length);
        Entries<string> languages = new(rows.Length);
        Entries<ClickReferrer> referrers = new(rows.Length);
        Entries<ClickUtm> utms = new(rows.Length);
        Entries<ClickTarget> targets = new(rows.Length);
        Entries<string> hosts = new(rows.Length);
        foreach (ref readonly var row in rows)
        {
            places.Add(row.Place);
            agents.Add(row.Agent);
            languages.Add(row.Language);
            referrers.Add(row.Referrer);
            utms.Add(row.Utm);
            targets.Add(row.Target);
            hosts.Add(row.Host);
        }

        SharedTexts shared = new();
        BytesWriter groups = new(rows.Length * 8);
        places.Write(groups, shared, place => [place?.ContinentCode, place?.CountryCode, place?.CityName]);
        agents.Write(groups, shared, agent => [agent?.OsName, agent?.BrowserName, agent?.DeviceType]);
        languages.Write(groups, shared, language => [language]);
        referrers.Write(groups, shared, referrer => [referrer?.Host, referrer?.Path]);
        utms.Write(groups, shared, utm => [utm?.Source, utm?.Medium, utm?.Campaign, utm?.Term, utm?.Content]);
        targets.Write(groups, shared, target => [target?.Destination, target?.Variant]);
        hosts.Write(groups, shared, host => [host]);

        shared.Write(bytes);
        bytes.Bytes(groups.Written);
    }

    private static void WriteOutcomes(BytesWriter bytes, ReadOnlySpan<ClickRow> rows)
    {
        Dictionary<ClickOutcome, int> codeOf = [];
        List<ClickOutcome> outcomes = [];
        var codes = new int[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            ClickOutcome outcome = new(rows[row].Kind, rows[row].Status, rows[row].IsQr);
            if (!codeOf.TryGetValue(outcome, out var code))
            {
                code = outcomes.Count;
                codeOf.Add(outcome, code);
                outcomes.Add(outcome);
            }

            codes[row] = code;
        }

        bytes.Number(outcomes.Count);
        foreach (var outcome in outcomes)
        {
            bytes.Byte((byte)outcome.Kind);
            bytes.Int16(outcome.Status);
            bytes.Byte(outcome.IsQr ? (byte)1 : (byte)0);
        }

        WriteCodes(bytes, codes, outcomes.Count);
    }

    private static void WriteLinkVersions(BytesWriter bytes, ReadOnlySpan<ClickRow> rows)
    {
        Dictionary<int, int> codeOf = [];
        List<int> versions = [];
        var codes = new int[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            var version = rows[row].LinkVersion;
            if (!codeOf.TryGetValue(version, out var code))
            {
                codeOf.Add(version, code = versions.Count);
                versions.Add(version);
            }

            codes[row] = code;
        }

        bytes.Number(versions.Count);
        foreach (var version in versions)
            bytes.Number(version);
        WriteCodes(bytes, codes, versions.Count);
    }

    private static void WriteCodes(BytesWriter bytes, ReadOnlySpan<int> codes, int entries)
    {
        var width = ClickColumns.WidthOf(entries);
        var into = bytes.Take(codes.Length * width);
        if (width == 1)
            for (var row = 0; row < codes.Length; row++)
                into[row] = (byte)codes[row];
        else if (width == 2)
            for (var row = 0; row < codes.Length; row++)
                BinaryPrimitives.WriteUInt16LittleEndian(into[(row * 2)..], (ushort)codes[row]);
    }

    /// <summary>The texts of all groups, each once.</summary>
    private sealed class SharedTexts
    {
        private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
        private readonly List<string> _all = [];

        /// <summary>0: no text; else the text's place, from 1.</summary>
        public int ReferenceTo(string? text)
        {
            if (text is null)
                return 0;

            ref var reference = ref CollectionsMarshal.GetValueRefOrAddDefault(_codeOf, text, out var known);
            if (!known)
            {
                _all.Add(text);
                reference = _all.Count;
            }

            return reference;
        }

        public void Write(BytesWriter bytes)
        {
            bytes.Number(_all.Count);
            foreach (var text in _all)
                bytes.Number(Encoding.UTF8.GetByteCount(text));
            foreach (var text in _all)
                Encoding.UTF8.GetBytes(text, bytes.Take(Encoding.UTF8.GetByteCount(text)));
        }
    }

    /// <summary>The different entries of one group, and each row's code for its entry.</summary>
    private sealed class Entries<T>(int rows)
        where T : class
    {
        /// <summary>A few entries are found faster by comparing each; many links have few clicks.</summary>
        private const int Few = 12;

        // Most rows share the object with an earlier row, and an object is found much faster than its value.
        private Dictionary<T, int>? _codeOfObject;
        private Dictionary<T, int>? _codeOfValue;
        private readonly List<T?> _all = [];
        private readonly int[] _codes = new int[rows];
        private int _row;
        private T? _last;
        private int _codeOfLast = -1;
        private int _codeOfNone = -1;

        public void Add(T? entry)
        {
            if (_codeOfLast < 0 || !ReferenceEquals(entry, _last))
                (_last, _codeOfLast) = (entry, CodeOf(entry));
            _codes[_row++] = _codeOfLast;
        }

        public void Write(BytesWriter bytes, SharedTexts shared, Func<T?, string?[]> textsOf)
        {
            bytes.Number(_all.Count);
            if (_all.Count == 0)
                return;

            var texts = _all.ConvertAll(entry => textsOf(entry));
            for (var text = 0; text < texts[0].Length; text++)
                foreach (var entry in texts)
                    bytes.Number(shared.ReferenceTo(entry[text]));
            WriteCodes(bytes, _codes, _all.Count);
        }

        private int CodeOf(T? entry)
        {
            if (entry is null)
                return _codeOfNone >= 0 ? _codeOfNone : _codeOfNone = Append(entry);
            return _codeOfObject is not null ? FindOrAppend(entry)
                : FindAmongFew(entry) is >= 0 and var code ? code
                : _all.Count < Few ? Append(entry)
                : FindOrAppend(entry);
        }

        private int FindAmongFew(T entry)
        {
            for (var code = 0; code < _all.Count; code++)
                if (ReferenceEquals(_all[code], entry))
                    return code;
            for (var code = 0; code < _all.Count; code++)
                if (entry.Equals(_all[code]))
                    return code;
            return -1;
        }

        private int FindOrAppend(T entry)
        {
            _codeOfObject ??= new(ReferenceEqualityComparer.Instance);
            if (_codeOfObject.TryGetValue(entry, out var code))
                return code;

            if (_codeOfValue is null)
            {
                _codeOfValue = [];
                for (var known = 0; known < _all.Count; known++)
                    if (_all[known] is { } one)
                        _codeOfValue.Add(one, known);
            }

            if (!_codeOfValue.TryGetValue(entry, out code))
                _codeOfValue.Add(entry, code = Append(entry));
            _codeOfObject.Add(entry, code);
            return code;
        }

        private int Append(T? entry)
        {
            _all.Add(entry);
            return _all.Count - 1;
        }
    }
}

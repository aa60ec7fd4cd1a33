using System.Text.Json;
using System.Text.RegularExpressions;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Links;
using Signpost.Links.Targeting;
using Signpost.Links.Versions;

namespace Signpost.Dashboard.Links.Form;

/// <content>The values of the form.</content>
public sealed partial class LinkFormPage
{
    /// <summary>
    /// The values of the form of a link, by the names of the API's fields. A text that is empty is no value; a flag is <c>1</c> or empty.
    /// A new plain field of the API is here by itself, because the values come from the API's response.
    /// </summary>
    public sealed partial class LinkValues
    {
        private const string Targeting = "targeting_";

        private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<string>> _lists = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<Rule>> _rules = TargetingType.Names.ToDictionary(
            type => type,
            _ => new List<Rule>()
        );
        private HashSet<string> _flags = new(StringComparer.Ordinal);

        private LinkValues() { }

        /// <summary>A targeting rule as it was typed. Both parts are empty in a row that is not filled in yet.</summary>
        public sealed record Rule(string Key, string Value)
        {
            public bool IsEmpty => Key is "" && Value is "";
        }

        public string this[string name] => _texts.GetValueOrDefault(name, "");

        public bool Has(string flag) => this[flag] is "1";

        public bool IsFlag(string name) => _flags.Contains(name);

        public IReadOnlyList<string> ListOf(string name) => _lists.GetValueOrDefault(name) ?? [];

        /// <param name="type">As in <c>country_code</c>.</param>
        public List<Rule> RulesOf(string type) => _rules[type];

        public bool IsList(string name) => _lists.ContainsKey(name);

        /// <summary>The type of targeting of which this field has the rules; null: the field has none.</summary>
        public static string? TypeOf(string name) =>
            name.StartsWith(Targeting, StringComparison.Ordinal)
            && TargetingType.Names.Contains(name[Targeting.Length..])
                ? name[Targeting.Length..]
                : null;

        internal static LinkValues Of(LinkResponse link)
        {
            using var json = JsonDocument.Parse(ApiJson.Write(link));
            LinkValues values = new();
            values.Add(json.RootElement);
            values.HidePasswords();
            return values;
        }

        /// <summary>The values that a page posted.</summary>
        /// <param name="before">The values that the form began with.</param>
        internal static LinkValues Of(IFormCollection form, LinkValues before)
        {
            LinkValues values = new() { _flags = before._flags };
            // Browsers do not send what is not checked.
            foreach (var flag in before._flags)
                values._texts[flag] = "";
            foreach (var list in before._lists.Keys)
                values._lists[list] =
                [
                    // Several values in one field are separated by commas.
                    .. form[$"{list}[]"]
                        .Concat($"{form[list]}".Split(',', StringSplitOptions.TrimEntries))
                        .OfType<string>()
                        .Where(text => text is not "")
                        .Distinct(),
                ];
            foreach (var (name, sent) in form)
                if (before._texts.ContainsKey(name))
                    values._texts[name] = sent.LastOrDefault("")!.ReplaceLineEndings("\n");
            foreach (var (type, rules) in values._rules)
                rules.AddRange(RulesIn(form, type));
            return values;
        }

        /// <summary>Sets a text, if the link has such a field.</summary>
        internal void Set(string name, string text)
        {
            if (_texts.ContainsKey(name))
                _texts[name] = text;
        }

        /// <summary>Empties the passwords: the form never shows them.</summary>
        internal void HidePasswords()
        {
            foreach (var password in LinkVersionFields.Passwords)
                _texts[password] = "";
        }

        /// <summary>Somebody typed a password.</summary>
        internal bool HasPasswords => LinkVersionFields.Passwords.Any(password => this[password] is not "");

        /// <summary>All values as a form sends them.</summary>
        public IEnumerable<(string Name, string Value)> Sent()
        {
            foreach (var (name, text) in _texts)
                yield return (name, text);
            foreach (var (name, list) in _lists)
            foreach (var text in list)
                yield return ($"{name}[]", text);
            foreach (var (type, rules) in _rules)
                for (var i = 0; i < rules.Count; i++)
                {
                    yield return ($"{Targeting}{type}_key[{i}]", rules[i].Key);
                    yield return ($"{Targeting}{type}_value[{i}]", rules[i].Value);
                }
        }

        /// <summary>A copy in which some fields have the values of another version.</summary>
        internal LinkValues With(LinkValues other, IEnumerable<string> names)
        {
            LinkValues values = new() { _flags = _flags };
            foreach (var (name, text) in _texts)
                values._texts[name] = text;
            foreach (var (name, list) in _lists)
                values._lists[name] = list;
            foreach (var (type, rules) in _rules)
                values._rules[type].AddRange(rules);
            foreach (var name in names)
                if (TypeOf(name) is { } type)
                    values._rules[type] = [.. other._rules[type]];
                else if (IsList(name))
                    values._lists[name] = [.. other.ListOf(name)];
                else
                    values._texts[name] = other[name];
            return values;
        }

        /// <summary>The names of the fields that differ.</summary>
        internal IReadOnlyList<string> ChangedSince(LinkValues before) =>
            [
                .. _texts.Where(text => text.Value != before[text.Key]).Select(text => text.Key),
                .. _lists
                    .Where(list => !list.Value.ToHashSet().SetEquals(before.ListOf(list.Key)))
                    .Select(list => list.Key),
                .. _rules
                    .Where(rules => !rules.Value.SequenceEqual(before._rules[rules.Key]))
                    .Select(rules => Targeting + rules.Key),
            ];

        /// <summary>Adds the fields of a request of the API that makes these values out of others.</summary>
        internal void AddTo(Fields fields, LinkValues before)
        {
            foreach (var name in ChangedSince(before))
                if (TypeOf(name) is { } type)
                    AddRules(fields, type);
                else if (IsList(name))
                    AddList(fields, name);
                else
                    fields.Add(name, new FieldValue.Text(IsFlag(name) && !Has(name) ? "0" : this[name]));
        }

        /// <summary>Removes the rows of rules that are not filled in.</summary>
        internal void Trim()
        {
            foreach (var rules in _rules.Values)
                rules.RemoveAll(rule => rule.IsEmpty);
        }

        private void AddRules(Fields fields, string type)
        {
            var field = Targeting + type;
            var rules = _rules[type];
            if (rules is [])
                fields.Add($"{field}_key", new FieldValue.Text(""));
            for (var i = 0; i < rules.Count; i++)
            {
                fields.Add($"{field}_key[{i}]", new FieldValue.Text(rules[i].Key));
                fields.Add($"{field}_value[{i}]", new FieldValue.Text(rules[i].Value));
            }
        }

        private void AddList(Fields fields, string name)
        {
            if (_lists[name] is [])
                fields.Add(name, new FieldValue.Text(""));
            foreach (var text in _lists[name])
                fields.Add($"{name}[]", new FieldValue.Text(text));
        }

        private void Add(JsonElement response)
        {
            foreach (var (name, value) in response.EnumerateObject().Select(member => (member.Name, member.Value)))
                if (value.ValueKind is JsonValueKind.Object)
                    Add(value);
                else if (TypeOf(name) is { } type)
                    _rules[type]
                        .AddRange(
                            value
                                .EnumerateArray()
                                .Select(rule => new Rule(
                                    rule.GetProperty("key").GetString()!,
                                    rule.GetProperty("value").GetString()!
                                ))
                        );
                else if (value.ValueKind is JsonValueKind.Array)
                    _lists[name] = [.. value.EnumerateArray().Select(item => item.ToString())];
                else
                    _texts[name] = Text(name, value);
        }

        private string Text(string name, JsonElement value)
        {
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                return name.EndsWith("_date", StringComparison.Ordinal)
                    ? DateField($"{value}")
                    : $"{value}".ReplaceLineEndings("\n");
            _flags.Add(name);
            return value.GetBoolean() ? "1" : "";
        }

        // A date as browsers write it in a field: without seconds if they are 0.
        private static string DateField(string date) =>
            (date.EndsWith(":00", StringComparison.Ordinal) ? date[..^3] : date).Replace(' ', 'T');

        private static IEnumerable<Rule> RulesIn(IFormCollection form, string type) =>
            from name in form.Keys
            let match = RuleKey().Match(name)
            where match.Success && match.Groups["type"].Value == type
            let index = match.Groups["index"].Value
            orderby int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)
            select new Rule($"{form[name]}".Trim(), $"{form[$"{Targeting}{type}_value[{index}]"]}".Trim());

        [GeneratedRegex(@"\Atargeting_(?<type>[a-z_]+)_key\[(?<index>[0-9]{1,4})\]\z")]
        private static partial Regex RuleKey();
    }
}

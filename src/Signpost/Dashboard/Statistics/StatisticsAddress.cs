namespace Signpost.Dashboard.Statistics;

/// <content>The address of the page.</content>
public partial class StatisticsBody
{
    /// <summary>The address of a page with statistics. It holds the whole view; days, scope and filters are named as in the API.</summary>
    public sealed class StatisticsAddress
    {
        internal StatisticsAddress(string path, IEnumerable<(string Name, string Value)> words)
        {
            Path = path;
            Words = [.. words.Where(word => word.Value is not "").Distinct()];
        }

        public string Path { get; }

        public IReadOnlyList<(string Name, string Value)> Words { get; }

        /// <summary>The first value of this name; empty: there is none.</summary>
        public string this[string name] => Words.FirstOrDefault(word => word.Name == name).Value ?? "";

        public override string ToString() => Written(Path, Words);

        /// <summary>The address with other values; null or an empty text takes one away.</summary>
        public string With(params IReadOnlyList<(string Name, string? Value)> changes) => Below("", changes);

        /// <summary>The address of a page below this one, with other values.</summary>
        public string Below(string path, params IReadOnlyList<(string Name, string? Value)> changes) =>
            Written(
                Path + path,
                Words
                    .Where(word => changes.All(change => change.Name != word.Name))
                    .Concat(
                        changes
                            .Select(change => (change.Name, Value: change.Value ?? ""))
                            .Where(one => one.Value is not "")
                    )
            );

        /// <summary>The address with more values, beside those of the same name.</summary>
        public string Plus(params IReadOnlyList<(string Name, string Value)> more) =>
            Written(Path, Words.Concat(more).Distinct());

        /// <summary>The address without one value of a name.</summary>
        public string Minus(string name, string value) => Written(Path, Words.Where(word => word != (name, value)));

        /// <summary>The address with all values of a name under another name.</summary>
        public string Renamed(string name, string other) =>
            Written(Path, Words.Select(word => word.Name == name ? (other, word.Value) : word));

        /// <summary>The words that a form keeps in hidden fields.</summary>
        public IEnumerable<(string Name, string Value)> Except(params string[] names) =>
            Words.Where(word => !names.Contains(word.Name));

        private static string Written(string path, IEnumerable<(string Name, string Value)> words) =>
            path + QueryString.Create(words.Select(word => KeyValuePair.Create(word.Name, (string?)word.Value)));
    }
}

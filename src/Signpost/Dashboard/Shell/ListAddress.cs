namespace Signpost.Dashboard.Shell;

/// <content>The addresses of lists.</content>
public abstract partial class DashboardPage
{
    /// <summary>The address of a list with its search, its order and its page, so that links and forms of the page keep them.</summary>
    public sealed class ListAddress
    {
        private static readonly string[] Kept = ["search", "order_by", "order_type", "page"];
        private readonly Dictionary<string, string> _values = [];

        internal ListAddress(string path, IQueryCollection query)
        {
            Path = path;
            foreach (var name in Kept)
                if (query[name].LastOrDefault() is { Length: > 0 } value)
                    _values[name] = value;
        }

        public string Path { get; }

        public string this[string name] => _values.GetValueOrDefault(name, "");

        /// <summary>The address of the list as it is.</summary>
        public override string ToString() => Below("");

        /// <summary>The address of an action or of a page below the list, such as <c>/7/delete</c>; it leads back to the same part of the list.</summary>
        public string Below(string path) => Path + path + QueryString.Create(_values!);

        /// <summary>The address of another page of the list.</summary>
        public string At(long page) => With(("page", page > 1 ? $"{page}" : null));

        /// <summary>The address with other values; null or an empty text takes one away.</summary>
        public string With(params ReadOnlySpan<(string Name, string? Value)> changes)
        {
            Dictionary<string, string?> values = new(_values!);
            foreach (var (name, value) in changes)
                if (value is null or "")
                    values.Remove(name);
                else
                    values[name] = value;
            return Path + QueryString.Create(values);
        }
    }
}

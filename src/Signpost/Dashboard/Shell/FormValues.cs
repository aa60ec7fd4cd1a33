using System.Text.Json;
using Signpost.Api;
using Signpost.Api.Bodies;

namespace Signpost.Dashboard.Shell;

/// <content>The values of forms.</content>
public abstract partial class DashboardPage
{
    /// <summary>The values of a form, by the names of the API's fields: those that are stored, or those that somebody typed.</summary>
    public sealed class FormValues
    {
        private const int MostParts = 1000;

        private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

        /// <summary>No values.</summary>
        public static FormValues Empty { get; } = new();

        /// <summary>The value of a field; empty: it has none. A flag is <c>1</c> or <c>0</c>; a list is separated by commas.</summary>
        public string this[string name] => _texts.GetValueOrDefault(name, "");

        public bool Has(string flag) => this[flag] is "1";

        /// <summary>The values of a response of the API.</summary>
        internal static FormValues Of<T>(T response)
            where T : WarnedResponse
        {
            using var json = JsonDocument.Parse(ApiJson.Write(response));
            FormValues values = new();
            foreach (var member in json.RootElement.EnumerateObject())
                values._texts[member.Name] = TextOf(member.Value);
            return values;
        }

        /// <summary>The values that a page posted. Of a checkbox and the hidden field before it, the last one counts.</summary>
        internal static FormValues Of(IFormCollection form)
        {
            FormValues values = new();
            foreach (var (name, sent) in form)
                values._texts[name] = sent.LastOrDefault("")!.ReplaceLineEndings("\n");
            return values;
        }

        /// <summary>These values with another value for one field.</summary>
        internal FormValues With(string name, string value)
        {
            FormValues values = new();
            foreach (var (other, text) in _texts)
                values._texts[other] = text;
            values._texts[name] = value;
            return values;
        }

        /// <summary>The fields of this form as the readers of the API take them. A field that was not posted is not sent.</summary>
        /// <param name="lists">The fields that hold several values.</param>
        internal Fields ToFields(IEnumerable<string> names, params string[] lists)
        {
            Fields fields = new();
            foreach (var name in names)
                if (_texts.TryGetValue(name, out var text))
                    foreach (var part in lists.Contains(name) ? Parts(text) : [text])
                        fields.Add(lists.Contains(name) ? $"{name}[]" : name, new FieldValue.Text(part));
            return fields;
        }

        // A form sends one empty value for an empty list. No field takes as many values as are kept here.
        private static string[] Parts(string text)
        {
            string[] parts =
            [
                .. text.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Take(MostParts),
            ];
            return parts is [] ? [""] : parts;
        }

        private static string TextOf(JsonElement value) =>
            value.ValueKind switch
            {
                JsonValueKind.True => "1",
                JsonValueKind.False => "0",
                JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(TextOf)),
                JsonValueKind.Null or JsonValueKind.Undefined => "",
                _ => value.ToString(),
            };
    }
}

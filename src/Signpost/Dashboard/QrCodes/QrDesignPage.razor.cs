namespace Signpost.Dashboard.QrCodes;

/// <summary>The designer of a QR code.</summary>
public partial class QrDesignPage
{
    /// <summary>The content of the designer.</summary>
    public sealed record QrDesign
    {
        /// <summary>The fields of the API that say how a code looks.</summary>
        public static readonly string[] LookFields =
        [
            "foreground",
            "background",
            "style",
            "logo",
            "size",
            "margin",
            "error_correction",
        ];

        /// <summary>Null: the code is not kept yet.</summary>
        public long? Id { get; init; }

        /// <summary>The fields of the API by their names.</summary>
        public required IReadOnlyDictionary<string, string> Values { get; init; }

        public IReadOnlyList<(string Text, string? Field)> Errors { get; init; } = [];

        /// <summary>The short address of the coded link; null: an address is coded.</summary>
        public string? LinkText { get; init; }

        /// <summary>The ids and names of logos.</summary>
        public IReadOnlyList<(string Id, string Name)> Logos { get; init; } = [];

        /// <summary>The ids and names of kept looks.</summary>
        public IReadOnlyList<(string Id, string Name)> Presets { get; init; } = [];

        /// <summary>The key of a text about the state of the form; null: there is none.</summary>
        public string? Notice { get; init; }

        public string this[string name] => Values.GetValueOrDefault(name, "");

        /// <summary>The path of the form.</summary>
        public string Path => Id is { } id ? $"/dashboard/qr-codes/{id}" : "/dashboard/qr-codes/new";

        /// <summary>The coded text is known, so that the code can be used without being kept.</summary>
        public bool IsFixed => LinkText is not null || (Id is not null && this["url"] is not "");

        public string? ErrorOf(string name) => Errors.FirstOrDefault(error => error.Field == name).Text;

        /// <summary>The address of the picture of this look.</summary>
        public string PictureOf(string format, bool isDownload = false)
        {
            var pairs = LookFields
                .Append("link_id")
                .Append("url")
                .Where(name => this[name] is not "")
                .Select(name => $"{name}={Uri.EscapeDataString(this[name])}");
            return $"/dashboard/qr-codes/picture?format={format}&{string.Join('&', pairs)}{(isDownload ? "&download=1" : "")}";
        }
    }
}

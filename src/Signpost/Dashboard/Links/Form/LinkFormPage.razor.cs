using static Signpost.Dashboard.Explaining.ExplainedDecision;
using static Signpost.Dashboard.Explaining.VisitorFields;
using static Signpost.Dashboard.Links.Form.BeforeAfter;

namespace Signpost.Dashboard.Links.Form;

/// <content>The content of the page.</content>
public sealed partial class LinkFormPage
{
    /// <summary>The content of the form of a link.</summary>
    public sealed record LinkFormView
    {
        /// <summary>Null: the link is new.</summary>
        public long? Id { get; init; }

        /// <summary>The link that a new one is a copy of; null: none.</summary>
        public long? From { get; init; }

        /// <summary>The version of the link that the form shows.</summary>
        public int Version { get; init; }

        public required LinkValues Values { get; init; }

        /// <summary>The errors, each with the name of its field in the API; null: it concerns the whole form.</summary>
        public IReadOnlyList<(string Text, string? Field)> Errors { get; init; } = [];

        /// <summary>The key of a text about the state of the form; null: there is none.</summary>
        public string? Notice { get; init; }

        /// <summary>The fields of secrets and pictures whose values are to be removed.</summary>
        public IReadOnlyList<string> Cleared { get; init; } = [];

        /// <summary>The form shows what somebody typed, not what is stored.</summary>
        public bool IsTyped { get; init; }

        public IReadOnlyList<Option> Domains { get; init; } = [];
        public IReadOnlyList<Option> Projects { get; init; } = [];
        public IReadOnlyList<Option> Pixels { get; init; } = [];
        public IReadOnlyList<Option> SplashPages { get; init; } = [];
        public IReadOnlyList<Option> Logos { get; init; } = [];

        /// <summary>Names of tags that the account has.</summary>
        public IReadOnlyList<string> Tags { get; init; } = [];

        /// <summary>Names of templates, and their values in JSON by the names of fields.</summary>
        public IReadOnlyList<Option> UtmTemplates { get; init; } = [];

        /// <summary>The stored values that have no field. Null: the link is new.</summary>
        public StoredLink? Stored { get; init; }

        /// <summary>The visitor about whom somebody asks.</summary>
        public ChosenVisitor Visitor { get; init; } = ChosenVisitor.Unknown;

        /// <summary>Somebody asked where the visitor goes.</summary>
        public bool IsAsked { get; init; }

        /// <summary>Where the link of this form sends the visitor; null: nobody asked, or there are errors.</summary>
        public Explained? Given { get; init; }

        /// <summary>The changes for visitors after the edit; null: they are not known, or nothing is changed.</summary>
        public Changed? Change { get; init; }

        /// <summary>All errors with the ids of their fields.</summary>
        public IReadOnlyList<(string Text, string? Id)> AllErrors =>
            [
                .. Errors.Select(error => (error.Text, error.Field is null ? null : IdOf(error.Field))),
                .. Visitor.Errors,
            ];

        /// <summary>The path of this form.</summary>
        public string Path => Id is { } id ? $"/dashboard/links/{id}/edit" : "/dashboard/links/new";

        /// <summary>The first error of a field.</summary>
        public string? ErrorOf(string name) => Errors.FirstOrDefault(error => error.Field == name).Text;

        /// <summary>Tells whether one of these fields has an error. A field of a list has its own index.</summary>
        public bool IsWrong(params ReadOnlySpan<string> names)
        {
            foreach (var (_, field) in Errors)
            foreach (var name in names)
                if (field is not null && field.StartsWith(name, StringComparison.Ordinal))
                    return true;
            return false;
        }

        /// <summary>The id of a field on the page.</summary>
        public static string IdOf(string name) => name.Replace('[', '-').Replace("]", "", StringComparison.Ordinal);

        /// <summary>Something to choose.</summary>
        public sealed record Option(string Value, string Text);

        /// <param name="QrPath">The QR code of the short address, as the path of an SVG.</param>
        /// <param name="QrSize">Modules along a side, with the quiet zone.</param>
        /// <param name="Favicon">The address of the picture; null: none.</param>
        public sealed record StoredLink(
            string ShortUrl,
            string QrPath,
            int QrSize,
            long Clicks,
            bool HasPassword,
            bool HasStatisticsPassword,
            string? Favicon,
            string? Opengraph,
            bool IsBlocked
        );
    }
}

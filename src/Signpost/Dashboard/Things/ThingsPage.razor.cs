using Signpost.Pixels;

namespace Signpost.Dashboard.Things;

/// <content>What the page shows.</content>
public sealed partial class ThingsPage
{
    /// <summary>How a field is typed.</summary>
    public enum ThingInput
    {
        Text,
        Lines,
        Color,
        Choice,
        Number,
        Flag,
    }

    /// <summary>A field of a form.</summary>
    /// <param name="Name">Its name in the API.</param>
    /// <param name="Label">The key of its label.</param>
    /// <param name="Longest">The most characters that a browser lets people type.</param>
    public sealed record ThingField(string Name, string Label, ThingInput Input = ThingInput.Text, int Longest = 64)
    {
        /// <summary>It has a column in the list.</summary>
        public bool IsColumn { get; init; }

        /// <summary>The key of its hint.</summary>
        public string? Hint { get; init; }

        /// <summary>The values of a choice and the names that people know, which are the same in every language.</summary>
        public IReadOnlyList<(string Value, string Text)> Options { get; init; } = [];

        /// <summary>A value as people read it.</summary>
        public string Shown(string value) => Options.FirstOrDefault(option => option.Value == value).Text ?? value;
    }

    /// <summary>A kind of thing that is listed, created, edited and deleted on one page: how it looks there.</summary>
    /// <param name="Path">The address of its page.</param>
    /// <param name="Texts">The first part of the keys of its texts, as in <c>project</c>.</param>
    /// <param name="Icon">A name of <c>Web/Components/icons.txt</c>.</param>
    public sealed record ThingKind(string Path, string Texts, string Icon, params IReadOnlyList<ThingField> Fields)
    {
        /// <summary>The key of the name of all of them.</summary>
        public required string Title { get; init; }

        /// <summary>The fields that have a column of their own, besides the name.</summary>
        public IEnumerable<ThingField> Columns => Fields.Where(one => one.IsColumn);

        /// <summary>The filter of the list of links, and the field whose value it takes; null: there is no such filter.</summary>
        public (string Filter, string Field)? LinkFilter { get; init; }

        public bool HasColor => Fields.Any(one => one.Input is ThingInput.Color);

        internal static ThingKind Projects { get; } =
            new(
                "/dashboard/projects",
                "project",
                "folder",
                Name,
                Color,
                new("statistics_is_public", "link.statistics_is_public", ThingInput.Flag)
                {
                    Hint = "project.statistics.hint",
                },
                new("statistics_public_title", "link.statistics_public_title", Longest: 256)
                {
                    Hint = "project.title.hint",
                }
            )
            {
                Title = "nav.projects",
                LinkFilter = ("project_id", "id"),
            };

        internal static ThingKind Tags { get; } =
            new("/dashboard/tags", "tag", "tag", Name, Color) { Title = "nav.tags", LinkFilter = ("tag", "name") };

        internal static ThingKind Pixels { get; } =
            new(
                "/dashboard/pixels",
                "pixel",
                "radar",
                Name,
                new("type", "pixel.type", ThingInput.Choice)
                {
                    Options = [.. PixelType.All.Select(type => (type.Name, type.Title))],
                    IsColumn = true,
                },
                new("pixel", "pixel.id") { Hint = "pixel.id.hint", IsColumn = true }
            )
            {
                Title = "nav.pixels",
            };

        internal static ThingKind SplashPages { get; } =
            new(
                "/dashboard/splash-pages",
                "splash",
                "panel-top",
                Name with
                {
                    Hint = "splash.name.hint",
                },
                new("title", "splash.title", Longest: 256) { Hint = "thing.usual", IsColumn = true },
                new("description", "splash.description", ThingInput.Lines, 1024),
                new("link_unlock_seconds", "splash.seconds", ThingInput.Number, 2)
                {
                    Hint = "splash.seconds.hint",
                    IsColumn = true,
                },
                new("link_unlock_button", "splash.button") { Hint = "thing.usual" }
            )
            {
                Title = "nav.splash_pages",
            };

        private static ThingField Name => new("name", "field.name");

        private static ThingField Color => new("color", "thing.color", ThingInput.Color, 7);
    }

    /// <summary>A thing in a list.</summary>
    /// <param name="Links">The number of links that have it.</param>
    /// <param name="IsExact">False: it has more links than that.</param>
    public sealed record ThingRow(long Id, FormValues Values, DateTimeOffset Created, long Links, bool IsExact)
    {
        public string Name => Values["name"];
    }

    /// <summary>The open form of a page.</summary>
    /// <param name="Id">Null: it creates a thing.</param>
    public sealed record ThingForm(long? Id, FormValues Values, IReadOnlyList<(string Text, string? Field)> Errors)
    {
        public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.Field == field).Text;
    }

    /// <summary>The page of a list.</summary>
    /// <param name="First">The number of its first row, from 1.</param>
    public sealed record ThingList(
        ThingKind Kind,
        ListAddress Address,
        IReadOnlyList<ThingRow> Rows,
        long First,
        long Page,
        long Total
    )
    {
        /// <summary>Null: no form is open.</summary>
        public ThingForm? Form { get; init; }

        /// <summary>The person may create, change and delete.</summary>
        public bool MayWrite { get; init; }

        public long Last => First + Rows.Count - 1;
    }
}

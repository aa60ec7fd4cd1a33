using System.Globalization;
using System.Text.Json;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Dashboard.Account;
using Signpost.Links;
using Signpost.Pixels;
using Signpost.Presets;
using Signpost.Projects;
using Signpost.QrCodes;
using Signpost.SplashPages;
using Signpost.Tags;
using static Signpost.Dashboard.Links.Form.LinkFormPage;
using static Signpost.Dashboard.Links.Form.LinkFormPage.LinkFormView;

namespace Signpost.Dashboard.Links.Form;

/// <summary>Reads what the form of a link shows: the link, and everything that can be chosen.</summary>
internal sealed class LinkForms(
    LinkCatalog links,
    LinkDomains domains,
    IResourceCatalog<ProjectResponse> projects,
    IResourceCatalog<PixelResponse> pixels,
    IResourceCatalog<SplashPageResponse> splashPages,
    IResourceCatalog<QrLogoResponse> logos,
    IResourceCatalog<UtmTemplateResponse> templates,
    IResourceCatalog<TagResponse> tags,
    PublicAddress address
)
{
    private const int MostSuggestions = 200;

    private static readonly ResourceQuery ByName = new(
        new("name"),
        new(new(1, Paging.LargestSize), ByLastEdit: false, From: null, To: null, OrderBy: "name", Ascending: true)
    );

    /// <summary>The form of a link as it is stored; null: the caller has no such link.</summary>
    /// <param name="id">Null: a new link.</param>
    public async Task<LinkFormView?> FindAsync(Caller caller, long? id, CancellationToken cancel)
    {
        if (id is null)
            return new() { Values = NewValues(caller) };
        return await links.FindAsync(caller, id.Value, cancel) is { } link
            ? new()
            {
                Id = id,
                Version = link.Version,
                Values = LinkValues.Of(link),
                Stored = StoredOf(link),
            }
            : null;
    }

    /// <summary>The form of a new link like another one; null: the caller has no such link. Aliases, passwords and pictures are not copied,
    /// so statistics behind a password are not public in the copy.</summary>
    public async Task<LinkFormView?> CopyAsync(Caller caller, long id, CancellationToken cancel) =>
        await links.FindAsync(caller, id, cancel) is { } link
            ? new() { From = id, Values = LinkValues.Of(Unpublished(link) with { Url = "" }) }
            : null;

    private static LinkResponse Unpublished(LinkResponse link) =>
        link.Settings.StatisticsPublicPassword is null
            ? link
            : link with
            {
                Settings = link.Settings with { StatisticsIsPublic = false },
            };

    /// <summary>Adds everything that can be chosen.</summary>
    public async Task<LinkFormView> WithChoicesAsync(Caller caller, LinkFormView view, CancellationToken cancel)
    {
        var (usable, _) = await domains.ListAsync(caller, ByName.Window.Paging, cancel);
        List<Option> hosts = [.. usable.Select(domain => new Option(Text(domain.Id), domain.Host))];
        // A link may stay on a domain on which the account may make no links any more.
        if (view.Stored is { } stored && hosts.TrueForAll(one => one.Value != view.Values["domain_id"]))
            hosts.Add(new(view.Values["domain_id"], new Uri(stored.ShortUrl).Authority));
        return view with
        {
            Domains = hosts,
            Projects = Keep(await ListAsync(projects, one => new(Text(one.Id), one.Name)), [view.Values["project_id"]]),
            Pixels = Keep(
                await ListAsync(pixels, one => new(Text(one.Id), one.Name)),
                view.Values.ListOf("pixels_ids")
            ),
            SplashPages = Keep(
                await ListAsync(splashPages, one => new(Text(one.Id), one.Name)),
                [view.Values["splash_page_id"]]
            ),
            Logos = Keep(
                await ListAsync(logos, one => new(Text(one.Id), one.Name)),
                [view.Values["statistics_public_logo"]]
            ),
            Tags =
            [
                .. (await ListAsync(tags, one => new(one.Name, one.Name)))
                    .Select(one => one.Text)
                    .Take(MostSuggestions),
            ],
            UtmTemplates = await ListAsync(templates, one => new(one.Value.GetRawText(), one.Name)),
        };

        async Task<IReadOnlyList<Option>> ListAsync<T>(IResourceCatalog<T> catalog, Func<T, Option> option)
            where T : WarnedResponse => [.. (await catalog.ListAsync(caller, ByName, cancel)).Items.Select(option)];
    }

    // There may be more than can be listed: a value that is not listed must not go when the form is saved.
    private static IReadOnlyList<Option> Keep(IReadOnlyList<Option> options, IReadOnlyList<string> values) =>
        [
            .. options,
            .. values
                .Where(value => value is not "" && options.All(one => one.Value != value))
                .Select(value => new Option(value, $"#{value}")),
        ];

    /// <summary>The texts of a UTM template by the names of fields; nothing if it is no JSON object of texts.</summary>
    public static IEnumerable<(string Name, string Text)> FieldsOf(string template)
    {
        try
        {
            using var json = JsonDocument.Parse(template);
            if (json.RootElement.ValueKind is not JsonValueKind.Object)
                return [];
            return
            [
                .. json
                    .RootElement.EnumerateObject()
                    .Where(one => one.Name.StartsWith("utm_", StringComparison.Ordinal))
                    .Where(one => one.Value.ValueKind is JsonValueKind.String)
                    .Select(one => (one.Name, one.Value.GetString()!)),
            ];
        }
        // GetString throws the second one for half a surrogate pair.
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    // A new link of the API, with everything as it is when nothing is sent.
    private LinkValues NewValues(Caller caller) =>
        LinkValues.Of(
            LinkResponse.Of(
                LinkEditor.NewLink(caller, now: 0),
                null,
                null,
                address.Url,
                address.Url,
                [],
                [],
                clicks: 0,
                caller.TimeZone
            )
        );

    private StoredLink StoredOf(LinkResponse link)
    {
        var code = QrCode.Of(QrTargets.TextOf(link.ShortUrl));
        var settings = link.Settings;
        return new(
            link.ShortUrl,
            code.Path,
            code.Size,
            link.Clicks,
            settings.Password is not null,
            settings.StatisticsPublicPassword is not null,
            PathOf(settings.CloakingFavicon),
            PathOf(settings.CloakingOpengraph),
            link.IsBlocked
        );
    }

    // Pages show pictures of their own host only.
    private string? PathOf(string? picture) => picture?[address.Url.Length..];

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Links.Versions;

/// <summary>
/// Makes the edit that brings a version of a link back: as if a program sent back the response of then. So each field is checked as in
/// every other edit.
/// </summary>
internal sealed class VersionRestore(Database database, VersionCatalog versions, SignpostSettings settings)
{
    private const string Project = "project_id";
    private const string Splash = "splash_page_id";
    private const string Logo = "statistics_public_logo";
    private const string Pixels = "pixels_ids";
    private const string Favicon = "cloaking_favicon";
    private const string Opengraph = "cloaking_opengraph";
    private static readonly string[] Dates = ["schedule", "start_date", "end_date"];

    /// <summary>The edit; null: the caller has no such link, or the version is not kept.</summary>
    public async Task<LinkChanges?> ReadAsync(
        Caller caller,
        long id,
        long number,
        string? askedHost,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        if (
            await VersionCatalog.OwnAsync(db, caller, id, cancel) is not { } link
            || await VersionCatalog.FindAsync(db, link, number, cancel) is not { } found
        )
            return null;

        LinkState now = new(link, await LinkReferences.PixelsAsync(db, id, cancel), await LinkTags.NamesAsync(db, id));
        var then = await versions.ResponseAsync(db, caller, found.Link, cancel);
        var different = ChangedFieldResponse.Between(await versions.ResponseAsync(db, caller, now, cancel), then);
        JsonObject body = [];
        List<Warning> warnings = [];
        foreach (var field in different)
            await AddAsync(db, caller, body, field, warnings, cancel);
        // Dates mean nothing without their schedule.
        if (different.Any(field => Dates.Contains(field.Field)))
            (body[Dates[0]], body[Dates[1]], body[Dates[2]]) = (then.Settings.Schedule, then.StartDate, then.EndDate);

        var changes = LinkFields.Read(
            JsonBody.Parse(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options)),
            caller.TimeZone,
            isNew: false,
            settings.AppSchemes
        );
        // The same request again means the same, whatever the link is now.
        Meaning meaning = new();
        meaning.Add("version", number.ToString(CultureInfo.InvariantCulture));
        changes.Warnings.AddRange(warnings);
        var (icon, picture) = (found.Link.Row.CloakingFavicon, found.Link.Row.CloakingOpengraph);
        return changes with
        {
            AskedHost = askedHost,
            Meaning = meaning,
            CloakingFavicon = await PictureAsync(
                db,
                Favicon,
                link,
                link.CloakingFavicon,
                icon,
                changes.Warnings,
                cancel
            ),
            CloakingOpengraph = await PictureAsync(
                db,
                Opengraph,
                link,
                link.CloakingOpengraph,
                picture,
                changes.Warnings,
                cancel
            ),
        };
    }

    // A project, pixel or splash page that is gone cannot come back. A domain that is gone is an error, as in every edit.
    private static async Task AddAsync(
        SignpostDb db,
        Caller caller,
        JsonObject body,
        ChangedFieldResponse field,
        List<Warning> warnings,
        CancellationToken cancel
    )
    {
        switch (field.Field)
        {
            case LinkVersionFields.Password or LinkVersionFields.StatisticsPassword or Favicon or Opengraph:
                break;
            case Project when field.After?.GetValue<long>() is { } project && !await IsOwnAsync(project):
                warnings.Add(new("The project of that version is gone: project_id stays as it is.", Project));
                break;
            case Splash when field.After?.GetValue<long>() is { } page && !await IsOwnPageAsync(page):
                warnings.Add(new("The splash page of that version is gone: splash_page_id stays as it is.", Splash));
                break;
            case Logo when field.After?.GetValue<long>() is { } logo && !await IsOwnLogoAsync(logo):
                warnings.Add(new("The logo of that version is gone: statistics_public_logo stays as it is.", Logo));
                break;
            case Pixels:
                var wanted = field.After!.AsArray().Select(pixel => pixel!.GetValue<long>()).ToArray();
                var own = await db
                    .Pixels.Where(pixel => wanted.Contains(pixel.Id) && pixel.AccountId == caller.AccountId)
                    .Select(pixel => pixel.Id)
                    .ToListAsync(cancel);
                foreach (var gone in wanted.Except(own))
                    warnings.Add(new($"The pixel {gone} of that version is gone.", Pixels));
                body[Pixels] = JsonSerializer.SerializeToNode(own);
                break;
            default:
                body[field.Field] = field.After?.DeepClone();
                break;
        }

        Task<bool> IsOwnAsync(long project) =>
            db.Projects.AnyAsync(one => one.Id == project && one.AccountId == caller.AccountId, cancel);

        Task<bool> IsOwnPageAsync(long page) =>
            db.SplashPages.AnyAsync(one => one.Id == page && one.AccountId == caller.AccountId, cancel);

        Task<bool> IsOwnLogoAsync(long logo) =>
            db.QrLogos.AnyAsync(one => one.Id == logo && one.AccountId == caller.AccountId, cancel);
    }

    private static async Task<Optional<LinkPicture?>> PictureAsync(
        SignpostDb db,
        string field,
        LinkRow link,
        string? now,
        string? then,
        List<Warning> warnings,
        CancellationToken cancel
    )
    {
        if (now == then)
            return default;
        if (then is null)
            return new(field, null);
        var bytes = await db
            .Files.Where(file => file.Name == then && file.AccountId == link.AccountId)
            // A picture that some link shows counts already.
            .Select(file => (long?)(file.KeptUntil == null ? 0 : file.Content.Length))
            .FirstOrDefaultAsync(cancel);
        if (bytes is not null)
            return new(field, new(null, default, null) { Kept = new(then, bytes.Value) });
        warnings.Add(LinkPictures.NotKept(field));
        return default;
    }
}

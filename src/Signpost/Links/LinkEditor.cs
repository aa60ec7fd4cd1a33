using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.ClickStore;
using Signpost.Core.Visitors.Agents;
using Signpost.Hosting;
using Signpost.Links.Framing;
using Signpost.Links.Targeting;
using Signpost.Links.Versions;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Links;

/// <summary>
/// The only writer of links. Each edit is one transaction. Caches of compiled links are told of it
/// after the commit and before the response.
/// </summary>
internal sealed class LinkEditor(
    Database database,
    ChangeFeed feed,
    LinkDraft draft,
    LinkPictures pictures,
    LinkQuota quota,
    LinkPasswords passwords,
    LinkDomains domains,
    LinkDeletion deletion,
    LinkRings rings,
    FramingCheck framing,
    KnownBrowsers browsers,
    ClickErasure clicks,
    PublicAddress address,
    CaseRules rules,
    TimeProvider clock,
    ExpiryClock expiry
)
{
    private const long MainDomain = 0;

    /// <summary>Creates one link, or all links of a bulk or none.</summary>
    public async Task<EditResult<LinkCreation>> CreateAsync(
        Caller caller,
        LinkChanges changes,
        AfterEdit<LinkCreation>? afterwards,
        CancellationToken cancel
    )
    {
        var now = Now();
        LinkRow template;
        List<FieldError> errors;
        IReadOnlyList<Warning> warnings;
        await using (var reader = database.Read())
            (template, changes, errors, warnings) = await PrepareAsync(reader, caller, changes, now, cancel);
        if (errors is not [])
            return new Refusal.Invalid(errors);

        (await HashAsync(changes, cancel)).ApplyTo(template, changes);
        changes.Warnings.AddRange(warnings);
        await AddWarningsAsync(template, changes, cancel);
        if (template.DomainId == MainDomain && address.WarningFor(changes.AskedHost) is { } warning)
            changes.Warnings.Add(new(warning, null));
        LinkBatch? made = null;
        if (changes.Bulk is not null)
        {
            await using (var reader = database.Read())
                made = await LinkBatch.MakeAsync(reader, rules.Of(template.DomainId), template, changes.Bulk);
            await database.CatchUpAsync(cancel);
        }

        return await database.WriteAsync(
            db => InsertAsync(db, caller, template, made, changes, now, afterwards),
            cancel
        );
    }

    /// <summary>Everything that keeps one link from being created now; nothing is created.</summary>
    public async Task<IReadOnlyList<FieldError>> CheckNewAsync(
        Caller caller,
        LinkChanges changes,
        CancellationToken cancel
    )
    {
        var now = Now();
        await using var reader = database.Read();
        (var template, changes, var errors, _) = await PrepareAsync(reader, caller, changes, now, cancel);
        if (errors is not [] || changes.Alias is not { Value: not null, As: { } aliasAs })
            return errors;
        draft.SetKey(template);
        return await AliasBook.IsFreeAsync(reader, rules.Of(template.DomainId), template, now)
            ? []
            : (await TakenAsync(reader, template, aliasAs)).Errors;
    }

    /// <summary>The link as these changes would make it; nothing is stored. For a new password any text stands for the hash.</summary>
    /// <param name="id">Null: the link would be new.</param>
    public async Task<EditResult<LinkState>> DraftAsync(
        Caller caller,
        long? id,
        LinkChanges changes,
        CancellationToken cancel
    )
    {
        await using var reader = database.Read();
        LinkRow? row;
        IReadOnlyList<FieldError> errors;
        IReadOnlyList<long> pixels = [];
        if (id is null)
            (row, changes, errors, _) = await PrepareAsync(reader, caller, changes, Now(), cancel);
        else
        {
            row = await OwnAsync(reader, caller, id.Value, cancel);
            if (row is null)
                return new Refusal.Missing();
            pixels = await LinkReferences.PixelsAsync(reader, row.Id, cancel);
            errors = await ApplyAsync(reader, caller, row, changes, warnings: []);
        }

        if (errors is not [])
            return new Refusal.Invalid(errors);
        if (changes.Password.IsPresent)
            row.PasswordHash = changes.Password.Value is null ? null : LinkFields.HiddenPassword;
        return new LinkState(row, changes.PixelsIds.Value?.Select(pixel => pixel.Id).ToList() ?? pixels, Tags: []);
    }

    /// <summary>The number of links that the caller's account may still create; null: there is no limit.</summary>
    public async Task<long?> RoomAsync(Caller caller, CancellationToken cancel)
    {
        await using var reader = database.Read();
        return await quota.RoomAsync(reader, caller.AccountId, cancel);
    }

    /// <summary>Changes the sent fields and keeps the rest.</summary>
    /// <param name="turn">A change of many links waits here before it writes, and nobody reads its warnings; null: an edit of one link.</param>
    public async Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        LinkChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel,
        SemaphoreSlim? turn = null
    )
    {
        // Validated once before the transaction, so that only edits that will probably succeed hash and wait for the writer.
        LinkRow? stored;
        List<Warning> warnings = [];
        await using (var reader = database.Read())
        {
            stored = await OwnAsync(reader, caller, id, cancel);
            if (stored is null)
                return new Refusal.Missing();
            if (IsOutdated(stored, changes))
                return new Refusal.Outdated();
            if (await ApplyAsync(reader, caller, stored, changes, warnings) is { Count: > 0 } errors)
                return new Refusal.Invalid(errors);
        }

        var hashes = await HashAsync(changes, cancel);
        changes.Warnings.AddRange(warnings);
        if (turn is null)
            await AddWarningsAsync(stored, changes, cancel);
        else
            await turn.WaitAsync(cancel);
        try
        {
            return await database.WriteAsync<EditResult<ResourceId>>(
                async db =>
                    await OwnAsync(db, caller, id, cancel) is { } row
                        ? await UpdateAsync(db, caller, row, changes, hashes, afterwards)
                        : new Refusal.Missing(),
                cancel
            );
        }
        finally
        {
            turn?.Release();
        }
    }

    /// <summary>
    /// Puts the link into the trash, or deletes it with its clicks and pictures. After that, only this account can use its alias for a while.
    /// If there are very many clicks, the last are erased after this returns.
    /// </summary>
    public async Task<EditResult<ResourceId>> DeleteAsync(
        Caller caller,
        long id,
        bool isPermanent,
        CancellationToken cancel
    )
    {
        Task<LinkRow?> Find(SignpostDb db) => OwnAsync(db, caller, id, cancel);
        return await (isPermanent ? deletion.RunAsync(Find, cancel) : deletion.TrashAsync(Find, cancel))
            ? new ResourceId(id)
            : new Refusal.Missing();
    }

    private async Task<(LinkRow, LinkChanges, List<FieldError>, IReadOnlyList<Warning>)> PrepareAsync(
        SignpostDb reader,
        Caller caller,
        LinkChanges changes,
        long now,
        CancellationToken cancel
    )
    {
        var template = NewLink(caller, now);
        changes = await domains.ChooseAsync(reader, caller, changes, cancel);
        List<FieldError> errors = [.. draft.Apply(template, changes)];
        var warnings = await rings.CheckAsync(reader, template, changes, errors);
        await domains.CheckAsync(reader, caller, null, template, changes, errors, cancel);
        await LinkReferences.CheckAsync(reader, caller, changes, errors, cancel);
        await quota.CheckNewAsync(reader, caller.AccountId, changes, errors, cancel);
        return (template, changes, errors, warnings);
    }

    private async Task<EditResult<LinkCreation>> InsertAsync(
        SignpostDb db,
        Caller caller,
        LinkRow template,
        LinkBatch? made,
        LinkChanges changes,
        long now,
        AfterEdit<LinkCreation>? afterwards
    )
    {
        // Checked again, because another edit may have come meanwhile.
        draft.SetKey(template);
        List<FieldError> errors = [];
        await rings.CheckAsync(db, template, changes, errors);
        await domains.CheckAsync(db, caller, null, template, changes, errors, CancellationToken.None);
        await LinkReferences.CheckAsync(db, caller, changes, errors, CancellationToken.None);
        await quota.CheckNewAsync(db, caller.AccountId, changes, errors, CancellationToken.None);
        if (errors is not [])
            return new Refusal.Invalid(errors);

        IReadOnlyList<LinkRow> links;
        if (changes.Bulk is not null)
            links = await InsertAllAsync(db, template, made!, changes.Bulk);
        else if (await InsertOneAsync(db, template, changes, now) is { } refusal)
            return refusal;
        else
            links = [template];

        if (changes.CloakingFavicon.Value is not null || changes.CloakingOpengraph.Value is not null)
            await LinkPictures.AddToAsync(db, links, changes, now);
        await LinkTags.SetAsync(db, template.AccountId, [.. links.Select(link => link.Id)], changes.Tags, now);
        LinkReferences.AddPixels(db, links, changes);
        LinkHistory.Begin(db, caller, links, now);
        await db.SaveChangesAsync();

        var domain = await LinkReferences.AddressAsync(db, template.DomainId, CancellationToken.None);
        database.AfterCommit(() =>
            feed.PublishAll([.. links.Select(link => new LinkChanged(link.Id, link.DomainId, link.AliasKey))])
        );
        return await afterwards.DoneAsync(db, LinkCreation.Of(links, changes.Bulk is not null, domain ?? address.Url));
    }

    private async Task<IReadOnlyList<LinkRow>> InsertAllAsync(
        SignpostDb db,
        LinkRow template,
        LinkBatch made,
        IReadOnlyList<BulkLine> lines
    )
    {
        var rule = rules.Of(template.DomainId);
        if (!await made.FitAsync(db, rule))
            made = await LinkBatch.MakeAsync(db, rule, template, lines);
        made.Insert(db);
        return made.Rows;
    }

    private async Task<Refusal?> InsertOneAsync(SignpostDb db, LinkRow row, LinkChanges changes, long now)
    {
        row.IsGuest = await LinkDomains.IsGuestAsync(db, row.AccountId, row.DomainId);
        var rule = rules.Of(row.DomainId);
        if (changes.Alias is { Value: not null, As: { } aliasAs })
        {
            if (!await AliasBook.IsFreeAsync(db, rule, row, now))
                return await TakenAsync(db, row, aliasAs);
            await AliasBook.ReviveAsync(db, rule, row.DomainId, row.Alias);
        }
        else
            await DrawAsync(db, row);

        db.Insert([row]);
        return null;
    }

    private async Task<EditResult<ResourceId>> UpdateAsync(
        SignpostDb db,
        Caller caller,
        LinkRow row,
        LinkChanges changes,
        PasswordHashes hashes,
        AfterEdit<ResourceId>? afterwards
    )
    {
        if (IsOutdated(row, changes))
            return new Refusal.Outdated();
        var now = Now();
        var (domain, key, alias) = (row.DomainId, row.AliasKey, row.Alias);
        var before = await StateAsync(db, row.Copy());
        var place = LinkPlace.Of(row);
        changes = LinkTags.Merge(changes, before.Tags);
        if (await ApplyAsync(db, caller, row, changes, warnings: []) is { Count: > 0 } errors)
            return new Refusal.Invalid(errors);
        if (changes.Alias is { IsPresent: true, Value: null })
            await DrawAsync(db, row);

        var isRenamed = row.AliasKey != key || row.DomainId != domain;
        // The aliases of links that move are reserved on the other domain as they were, also those that keep their key here.
        var isHeld = (isRenamed || row.Alias != alias) && await LinkMoves.IsMovingAsync(db, domain);
        if (isHeld || (isRenamed && !await AliasBook.IsFreeAsync(db, rules.Of(row.DomainId), row, now)))
            return await TakenAsync(db, row, (changes.Alias.As ?? changes.DomainId.As)!);
        if (isRenamed)
        {
            await AliasBook.ReviveAsync(db, rules.Of(row.DomainId), row.DomainId, row.Alias);
            // While the rule changes, the same alias may get its new key here.
            if (row.DomainId != domain || rules.Of(domain).KeyOf(alias) != row.AliasKey)
                await RetireAsync(db, row.AccountId, domain, alias, now);
            database.AfterCommit(() => feed.Publish(new(row.Id, row.DomainId, row.AliasKey)));
        }

        if (row.DomainId != domain)
            row.IsGuest = await LinkDomains.IsGuestAsync(db, row.AccountId, row.DomainId);
        database.AfterCommit(() => feed.Publish(new(row.Id, domain, key)));
        hashes.ApplyTo(row, changes);
        await LinkPictures.ReplaceAsync(db, row, changes, now);
        await LinkReferences.SetPixelsAsync(db, row, changes);
        await LinkTags.SetAsync(db, row.AccountId, [row.Id], changes.Tags, now);
        var after = new LinkState(
            row,
            changes.PixelsIds.Value?.Select(pixel => pixel.Id).ToList() ?? before.Pixels,
            changes.Tags.IsPresent ? await LinkTags.NamesAsync(db, row.Id) : before.Tags
        );
        if (await LinkHistory.AddAsync(db, caller, before, after, now) && HasOtherDestinations(before.Row, row))
            // Clicks that wait in the journal name only the version.
            db.FormerDestinations.Add(FormerDestinations.Of(before.Row, now));
        row.UpdatedAt = now;
        await db.SaveChangesAsync();
        if (changes.CloakingFavicon.IsPresent || changes.CloakingOpengraph.IsPresent)
            await quota.TrimFormerAsync(db, row.AccountId);
        if (LinkPlace.Of(row) != place)
            clicks.Move(db, place, LinkPlace.Of(row));

        return await afterwards.DoneAsync(db, new ResourceId(row.Id));
    }

    private async Task<List<FieldError>> ApplyAsync(
        SignpostDb db,
        Caller caller,
        LinkRow row,
        LinkChanges changes,
        List<Warning> warnings
    )
    {
        var home = LinkHome.Of(row);
        if (row.IsBlocked && changes.IsEnabled.Value)
            warnings.Add(
                new(
                    "The owner of the domain disabled this link. Visitors get it when the owner allows it.",
                    changes.IsEnabled.As
                )
            );
        List<FieldError> errors = [.. draft.Apply(row, changes)];
        warnings.AddRange(await rings.CheckAsync(db, row, changes, errors));
        await domains.CheckAsync(db, caller, home, row, changes, errors, CancellationToken.None);
        await LinkReferences.CheckAsync(db, caller, changes, errors, CancellationToken.None);
        pictures.Check(row, changes, errors);
        await quota.CheckChangeAsync(db, row, changes, errors, CancellationToken.None);
        return errors;
    }

    private static bool IsOutdated(LinkRow row, LinkChanges changes) =>
        changes.SeenVersion is { } seen && seen != row.Version;

    private static async Task<LinkState> StateAsync(SignpostDb db, LinkRow row) =>
        new(
            row,
            await LinkReferences.PixelsAsync(db, row.Id, CancellationToken.None),
            await LinkTags.NamesAsync(db, row.Id)
        );

    private static bool HasOtherDestinations(LinkRow before, LinkRow row) =>
        (row.LocationUrl, row.Targeting) != (before.LocationUrl, before.Targeting);

    private static Task<LinkRow?> OwnAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        db.Links.FirstOrDefaultAsync(link => link.Id == id && link.AccountId == caller.AccountId, cancel);

    // Clients look for these words. It names only a link of one's own.
    private async Task<Refusal> TakenAsync(SignpostDb db, LinkRow row, string field)
    {
        var keys = rules.Of(row.DomainId).KeysOf(row.Alias);
        var own = await db
            .LinksAndTrash.Where(link =>
                link.DomainId == row.DomainId
                && keys.Contains(link.AliasKey)
                && link.AccountId == row.AccountId
                && link.Id != row.Id
            )
            .Select(link => new { link.Id, IsInTrash = link.DeletedAt != null })
            .FirstOrDefaultAsync();
        var title = own is { IsInTrash: true }
            ? "The alias already exists. A link in the trash has it: restore or erase that link."
            : "The alias already exists.";
        return new Refusal.Conflict(new FieldError(title, field) { LinkId = own?.Id });
    }

    public static LinkRow NewLink(Caller caller, long now) =>
        new()
        {
            AccountId = caller.AccountId,
            DomainId = MainDomain,
            Alias = "",
            AliasKey = "",
            LocationUrl = "",
            CreatedAt = now,
            UpdatedAt = now,
        };

    private Task RetireAsync(SignpostDb db, long accountId, long domainId, string alias, long now) =>
        AliasBook.RetireAsync(db, rules.Of(domainId), accountId, domainId, alias, now, expiry.GetUtcNow());

    private async Task DrawAsync(SignpostDb db, LinkRow row)
    {
        var alias = (await AliasBook.DrawAsync(db, rules.Of(row.DomainId), row.DomainId, 1))[0];
        (row.Alias, row.AliasKey) = (alias, alias);
    }

    // Sends requests to other servers, so it holds no connection to the database.
    private async Task AddWarningsAsync(LinkRow row, LinkChanges changes, CancellationToken cancel)
    {
        string? domain;
        await using (var reader = database.Read())
            domain = await LinkReferences.AddressAsync(reader, row.DomainId, cancel);
        changes.Warnings.AddRange(TargetingFields.WarningsOf(row, changes));
        changes.Warnings.AddRange(BrowserRules.Warnings(changes, browsers));
        changes.Warnings.AddRange(await framing.CheckAsync(row, changes, domain, cancel));
    }

    private async Task<PasswordHashes> HashAsync(LinkChanges changes, CancellationToken cancel) =>
        new(
            await HashAsync(changes.Password.Value, cancel),
            await HashAsync(changes.StatisticsPublicPassword.Value, cancel)
        );

    private async Task<string?> HashAsync(string? password, CancellationToken cancel) =>
        password is null ? null : await passwords.HashAsync(password, cancel);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The hashes of new passwords; null: there is none.</summary>
    private readonly record struct PasswordHashes(string? OfLink, string? OfStatistics)
    {
        public void ApplyTo(LinkRow row, LinkChanges changes)
        {
            if (changes.Password.IsPresent)
                row.PasswordHash = OfLink;
            if (changes.StatisticsPublicPassword.IsPresent)
                row.StatisticsPublicPasswordHash = OfStatistics;
        }
    }
}

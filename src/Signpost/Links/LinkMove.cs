using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Accounts.Audit;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Changes;
using Signpost.ClickStore;
using Signpost.Links.Versions;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Links;

/// <summary>The account to which a link moves.</summary>
internal sealed record LinkMoveChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }

    /// <summary>0: the person's own account.</summary>
    public Optional<long?> TeamId { get; init; }

    public static LinkMoveChanges Read(FieldReader read)
    {
        var team = read.Number("team_id", _ => null);
        read.Require("team_id", team, team.Value is not null);
        read.WarnOfUnknown();
        return new()
        {
            TeamId = team,
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
    }

    public static IEnumerable<Parameter> Parameters() =>
        [
            new(
                "team_id",
                Describe.Whole(0),
                "The team that gets the link, in which you may create links; 0: your own account."
            )
            {
                IsRequired = true,
                Example = 7,
            },
        ];
}

/// <summary>
/// Moves one link to another account of the same person, with its clicks and pictures. Visitors notice nothing. Its tags go along by
/// name; the project and the pixels stay behind.
/// </summary>
internal sealed class LinkMove(
    Database database,
    LinkQuota quota,
    LinkDomains domains,
    ClickErasure clicks,
    ChangeFeed feed,
    AuditLog audit,
    TimeProvider clock
)
{
    public Task<EditResult<CreatedLink>> MoveAsync(
        Caller caller,
        long id,
        LinkMoveChanges wanted,
        string publicUrl,
        AfterEdit<CreatedLink>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<CreatedLink>>(
            async db =>
            {
                var own = db.Links.Where(link => link.AccountId == caller.AccountId);
                if (await own.FirstOrDefaultAsync(link => link.Id == id, cancel) is not { } row)
                    return new Refusal.Missing();
                if (wanted.Errors is not [])
                    return new Refusal.Invalid(wanted.Errors);

                var (team, field) = (wanted.TeamId.Value!.Value, wanted.TeamId.As!);
                // The membership may have ended, or changed, while the body came.
                if (caller.ActsForTeam && !await StillWritesAsync(db, caller, cancel))
                    return new Refusal.Missing();
                var target = await TargetAsync(db, caller, team == 0 ? caller.PersonId : team, cancel);
                if (await RefusalAsync(db, caller, row, target, field, cancel) is { } refusal)
                    return refusal;

                await MoveAsync(db, caller, row, target!, wanted, cancel);
                audit.Add(
                    db,
                    AuditLine.By(caller, AuditEvent.LinkMoved, caller.AccountId, $"{id} → {target!.AccountId}")
                );
                await db.SaveChangesAsync(cancel);
                var domain = await LinkReferences.AddressAsync(db, row.DomainId, cancel);
                return await afterwards.DoneAsync(
                    db,
                    new CreatedLink(id, row.Alias, LinkResponse.ShortUrlOf(row, domain ?? publicUrl))
                );
            },
            cancel
        );

    private static async Task<bool> StillWritesAsync(SignpostDb db, Caller caller, CancellationToken cancel) =>
        await Memberships.InAsync(db, caller, caller.AccountId, cancel) is { } member && member.May(Scopes.LinksWrite);

    // The key of a team reaches its team and, to give a link back, the person's own account.
    private static async Task<Caller?> TargetAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        caller.ActsForTeam && id != caller.AccountId && id != caller.PersonId
            ? null
            : await Memberships.InAsync(db, caller, id, cancel);

    private async Task<Refusal?> RefusalAsync(
        SignpostDb db,
        Caller caller,
        LinkRow row,
        Caller? target,
        string field,
        CancellationToken cancel
    )
    {
        if (target is null || !target.May(Scopes.LinksWrite))
            return Wrong("team_id must be 0 or a team in which you may create links.");
        if (target.AccountId == caller.AccountId)
            return Wrong("The link belongs to this account already.");
        if (!await domains.MayUseAsync(db, target, row.DomainId, cancel))
            return Wrong("The domain of the link cannot be used there. Move the link to another domain first.");
        if (
            row.IsBlocked
            && target.Role < Role.Admin
            && !await LinkDomains.IsGuestAsync(db, target.AccountId, row.DomainId, cancel)
        )
            return Wrong("The owner of the domain disabled this link: only their owners and admins move it there.");
        var full =
            await quota.MoveProblemAsync(db, row, target.AccountId, cancel)
            ?? await LinkTags.MoveProblemAsync(db, row.Id, target.AccountId, cancel);
        return full is null ? null : Wrong(full);

        Refusal.Invalid Wrong(string sentence) => new(new FieldError(sentence, field));
    }

    private async Task MoveAsync(
        SignpostDb db,
        Caller caller,
        LinkRow row,
        Caller target,
        LinkMoveChanges wanted,
        CancellationToken cancel
    )
    {
        var place = LinkPlace.Of(row);
        var before = new LinkState(
            row.Copy(),
            await LinkReferences.PixelsAsync(db, row.Id, cancel),
            await LinkTags.NamesAsync(db, row.Id)
        );
        var pixels = await db.LinkPixels.Where(pixel => pixel.LinkId == row.Id).ExecuteDeleteAsync(cancel);
        if (row.ProjectId is not null)
            wanted.Warnings.Add(new("The link left its project, which belongs to the former account.", "project_id"));
        if (pixels > 0)
            wanted.Warnings.Add(new("The link left its pixels, which belong to the former account.", "pixels_ids"));
        if (row.SplashPageId is not null)
            wanted.Warnings.Add(
                new("The link left its splash page, which belongs to the former account.", "splash_page_id")
            );
        if (row.StatisticsPublicLogo is not null)
            wanted.Warnings.Add(
                new("The link left its logo, which belongs to the former account.", "statistics_public_logo")
            );
        await LinkPictures.HandOnAsync(db, row, target.AccountId, cancel);
        // A copy of a shared picture is the same picture.
        (before.Row.CloakingFavicon, before.Row.CloakingOpengraph) = (row.CloakingFavicon, row.CloakingOpengraph);
        // Their logos stay behind.
        await db
            .QrCodes.Where(code => code.LinkId == row.Id)
            .ExecuteUpdateAsync(
                codes =>
                    codes
                        .SetProperty(code => code.AccountId, target.AccountId)
                        .SetProperty(code => code.LogoId, (long?)null),
                cancel
            );
        // Kept responses of the former account hold data of the link.
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        KeptResponses.ForgetLink(transaction.Connection!, transaction, row.Id, row.AccountId);

        (row.AccountId, row.ProjectId, row.SplashPageId) = (target.AccountId, null, null);
        row.StatisticsPublicLogo = null;
        row.IsGuest = await LinkDomains.IsGuestAsync(db, target.AccountId, row.DomainId, cancel);
        if (!row.IsGuest)
            Unblock(row);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await LinkHistory.AddAsync(db, caller, before, new(row, [], before.Tags), now, LinkHistory.Account);
        row.UpdatedAt = now;
        await db.SaveChangesAsync(cancel);
        await quota.TrimFormerAsync(db, target.AccountId);
        await LinkHistory.ForgetOthersAsync(db, row.Id, target.AccountId, cancel);
        await LinkTags.HandOnAsync(db, row, cancel);
        clicks.Move(db, place, LinkPlace.Of(row));
        database.AfterCommit(() => feed.Publish(new(row.Id, row.DomainId, row.AliasKey)));
    }

    // The owner of the domain now owns the link, too, and enables it like any other.
    private static void Unblock(LinkRow row) =>
        (row.IsEnabled, row.IsBlocked) = (row.IsEnabled && !row.IsBlocked, false);
}

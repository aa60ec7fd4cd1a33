using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Clicks;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>A link of another account on one's own domain: all that the owner of the domain may know of it.</summary>
/// <param name="IsEnabled">Whether it is in use, and neither its account nor the owner of the domain has disabled it.</param>
/// <param name="IsBlocked">Whether the owner of the domain has disabled it.</param>
/// <param name="IsInTrash">Whether its account has put it into the trash, where it keeps its alias.</param>
/// <param name="Owner">The name of the account; null: it has none.</param>
internal sealed record GuestLinkResponse(
    long Id,
    string Url,
    string ShortUrl,
    string LocationUrl,
    bool IsEnabled,
    bool IsBlocked,
    bool IsInTrash,
    string? Owner,
    long Clicks
) : WarnedResponse;

/// <summary>One page of links of other accounts, and their number on all pages.</summary>
internal sealed record GuestLinkPage(IReadOnlyList<GuestLinkResponse> Links, long Total);

/// <summary>A change of the owner of a domain to a link of another account.</summary>
internal sealed record GuestLinkChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required bool IsEnabled { get; init; }

    public static GuestLinkChanges Read(FieldReader read)
    {
        var enabled = read.Boolean("is_enabled");
        read.Require("is_enabled", enabled, enabled.IsPresent);
        read.WarnOfUnknown(typeof(GuestLinkResponse));
        return new()
        {
            IsEnabled = enabled.Value,
            Errors = read.Errors,
            Warnings = read.Warnings,
        };
    }

    public static IEnumerable<Parameter> Parameters() =>
        [
            new(
                "is_enabled",
                Describe.Flag(),
                "0: visitors do not get the link any more. 1: its account decides again."
            )
            {
                IsRequired = true,
            },
        ];
}

/// <summary>The only reader of links of other accounts, for the owners of the domains on which they are.</summary>
internal sealed class GuestLinkCatalog(Database database, ClickCounts counts)
{
    /// <summary>A page of a domain's links of other accounts, newest first, and their number.</summary>
    public async Task<EditResult<GuestLinkPage>> ListAsync(
        Caller caller,
        long domainId,
        Paging paging,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        if (await db.Domains.OwnAsync(caller, domainId, cancel) is not { } domain)
            return new Refusal.Missing();
        if (caller.Role < Role.Admin)
            return new Refusal.Forbidden();

        // A link in the trash still has an alias of the domain.
        var links = db.LinksAndTrash.Where(link => link.DomainId == domainId && link.IsGuest);
        var total = await links.LongCountAsync(cancel);
        if (paging.Offset(total) is not { } offset || offset >= total)
            return new GuestLinkPage([], total);
        var rows = await links
            .OrderByDescending(link => link.Id)
            .Skip((int)offset)
            .Take(paging.Size)
            .ToListAsync(cancel);
        return new GuestLinkPage(await ResponsesAsync(db, domain, rows, cancel), total);
    }

    /// <summary>Reads one within a transaction.</summary>
    public async Task<GuestLinkResponse> ReadAsync(
        SignpostDb db,
        DomainRow domain,
        LinkRow row,
        CancellationToken cancel
    ) => (await ResponsesAsync(db, domain, [row], cancel))[0];

    private async Task<IReadOnlyList<GuestLinkResponse>> ResponsesAsync(
        SignpostDb db,
        DomainRow domain,
        IReadOnlyList<LinkRow> rows,
        CancellationToken cancel
    )
    {
        var clicks = await counts.ReadAsync([.. rows.Select(row => row.Id)], cancel);
        long[] accounts = [.. rows.Select(row => row.AccountId).Distinct()];
        var names = await db
            .Accounts.Where(account => accounts.Contains(account.Id))
            .ToDictionaryAsync(account => account.Id, account => account.Name, cancel);
        return
        [
            .. rows.Select(row => new GuestLinkResponse(
                row.Id,
                row.Alias,
                LinkResponse.ShortUrlOf(row, domain.Scheme + domain.Host),
                row.LocationSent ?? row.LocationUrl,
                row is { IsEnabled: true, IsBlocked: false, DeletedAt: null },
                row.IsBlocked,
                row.DeletedAt is not null,
                names.GetValueOrDefault(row.AccountId) is { Length: > 0 } name ? name : null,
                clicks.GetValueOrDefault(row.Id)
            )),
        ];
    }
}

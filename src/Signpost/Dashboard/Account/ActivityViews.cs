using System.Globalization;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Storage;
using Signpost.Teams;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Account;

/// <summary>Reads pages of the activity of an account. In a team, owners and admins see that of everybody, others their own.</summary>
internal sealed class ActivityViews(AuditLog audit, MemberCatalog members, OwnLanguages languages)
{
    private const int LinesOfPage = 50;

    /// <param name="path">The address of the page, whose parameter <c>page</c> counts from 1.</param>
    public async Task<ActivityTable.Content> OfAsync(HttpContext http, string path)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        AuditFilter filter = new(caller.AccountId, caller.Role >= Role.Admin ? null : caller.PersonId);
        var total = await audit.CountAsync(filter, cancel);
        var last = Math.Max(1, (total + LinesOfPage - 1) / LinesOfPage);
        var page = Math.Min(last, PageOf(http));
        var first = (page - 1) * LinesOfPage;
        var entries = await audit.ReadAsync(filter, first, LinesOfPage, cancel);
        var texts = languages.For(http).All;
        return new(
            caller.ActsForTeam
                ? await OfTeamAsync(caller, entries, texts, cancel)
                : [.. entries.Select(entry => LineOf(entry, caller, texts))],
            first + 1,
            total,
            page > 1 ? AddressOf(page - 1) : null,
            page < last ? AddressOf(page + 1) : null
        );

        string AddressOf(long wanted) => wanted == 1 ? path : $"{path}?page={wanted}";
    }

    /// <summary>The number of the page in its address, from 1.</summary>
    public static long PageOf(HttpContext http) =>
        long.TryParse(http.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page)
        && page > 0
            ? page
            : 1;

    private static ActivityTable.Line LineOf(
        AuditEntry entry,
        Caller caller,
        IReadOnlyDictionary<string, string> texts
    ) =>
        new(
            AccountTexts.Time(entry.At, caller.TimeZone),
            AccountTexts.Of(entry, texts),
            entry.SeenBy(caller.PersonId).Network
        );

    // Somebody who has left the team is not named.
    private async Task<ActivityTable.Line[]> OfTeamAsync(
        Caller caller,
        IReadOnlyList<AuditEntry> entries,
        IReadOnlyDictionary<string, string> texts,
        CancellationToken cancel
    )
    {
        var listed = await members.ListAsync(caller.AccountId, 0, MemberEditor.MostMembers, cancel);
        var names = listed
            .Where(one => one.Row.JoinedAt is not null)
            .ToDictionary(one => one.Row.PersonId!.Value, one => one.Email);
        return
        [
            .. entries.Select(entry => new ActivityTable.Line(
                AccountTexts.Time(entry.At, caller.TimeZone),
                AccountTexts.WhatOf(entry, texts),
                entry.Network,
                entry.ActorId is { } actor ? names.GetValueOrDefault(actor, "–") : "–"
            )),
        ];
    }
}

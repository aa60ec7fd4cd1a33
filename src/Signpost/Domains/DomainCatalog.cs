using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>A domain as the API returns it.</summary>
/// <param name="IsMoving">Whether its links are being moved to the main domain, after which it is deleted.</param>
internal sealed record DomainResponse(
    long Id,
    string Scheme,
    string Host,
    string? CustomIndexUrl,
    string? CustomNotFoundUrl,
    bool IsEnabled,
    bool IsVerified,
    bool IsMoving,
    string LastDatetime,
    string Datetime,
    VerificationResponse Verification
) : WarnedResponse
{
    /// <summary>The domain whose links this one serves; 0: the main domain; null: it serves its own.</summary>
    public long? AliasOf { get; init; }

    /// <summary>The file for iOS, as it was sent; empty: none; absent in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AppleAppSiteAssociation { get; init; }

    /// <summary>The file for Android, as it was sent; empty: none; absent in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AssetLinks { get; init; }

    public static DomainResponse Of(DomainRow row, bool isMoving, TimeZoneInfo zone) =>
        new(
            row.Id,
            row.Scheme,
            row.Host,
            row.CustomIndexUrl,
            row.CustomNotFoundUrl,
            row.IsEnabled,
            row.VerifiedAt is not null,
            isMoving,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone),
            new(
                "TXT",
                DomainProof.NameOf(row),
                DomainProof.ValueOf(row),
                LocalTime.Format(row.VerifiedAt, zone),
                LocalTime.Format(row.CheckedAt, zone),
                row.FailedChecks
            )
        )
        {
            AliasOf = row.AliasOf,
        };
}

/// <summary>The record that proves a domain, and the results of its checks.</summary>
/// <param name="VerifiedDatetime">The time since which the domain is verified.</param>
/// <param name="CheckedDatetime">The time of the DNS's last answer.</param>
/// <param name="FailedChecks">The number of daily checks in a row that did not find the record.</param>
internal sealed record VerificationResponse(
    string Type,
    string Name,
    string Value,
    string? VerifiedDatetime,
    string? CheckedDatetime,
    int FailedChecks
);

/// <summary>The only reader of domains for people and programs.</summary>
internal sealed class DomainCatalog(Database database) : IResourceCatalog<DomainResponse>
{
    public async Task<DomainResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<DomainResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await db.Domains.OwnAsync(caller, id, cancel) is { } row
            ? DomainResponse.Of(row, await Moving(db).ContainsAsync(id, cancel), caller.TimeZone) with
            {
                AppleAppSiteAssociation = await DomainFiles.FindAsync(db, id, DomainFiles.Apple, cancel) ?? "",
                AssetLinks = await DomainFiles.FindAsync(db, id, DomainFiles.Android, cancel) ?? "",
            }
            : null;

    public async Task<(IReadOnlyList<DomainResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(db.Domains.Of(caller), cancel);
        var moving = await Moving(db).ToListAsync(cancel);
        return ([.. rows.Select(row => DomainResponse.Of(row, moving.Contains(row.Id), caller.TimeZone))], total);
    }

    private static IQueryable<long> Moving(SignpostDb db) =>
        db.Jobs.Where(job => job.Kind == JobKind.MoveDomain).Select(job => job.Subject);
}

using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.QrCodes;

/// <summary>Finds the texts that QR codes hold.</summary>
internal sealed class QrTargets(PublicAddress address)
{
    // It marks a scan: it counts as trigger=qr, and destinations do not get it.
    private const string Mark = "?qr";

    /// <summary>The text in the code of a link.</summary>
    public static string TextOf(string shortUrl) => shortUrl + Mark;

    /// <summary>The text of each code, in their order; null: its link is gone.</summary>
    public async Task<IReadOnlyList<string?>> TextsAsync(
        SignpostDb db,
        IReadOnlyList<QrCodeRow> codes,
        CancellationToken cancel
    )
    {
        long[] ids = [.. codes.Select(code => code.LinkId).OfType<long>().Distinct()];
        var links = ids is []
            ? []
            : await db.Links.Where(link => ids.Contains(link.Id)).ToDictionaryAsync(link => link.Id, cancel);
        Dictionary<long, string> domains = [];
        foreach (var domain in links.Values.Select(link => link.DomainId).Distinct())
            domains[domain] = await LinkReferences.AddressAsync(db, domain, cancel) ?? address.Url;
        return [.. codes.Select(TextOf)];

        string? TextOf(QrCodeRow code) =>
            code.LinkId is not { } id ? code.Url
            : links.TryGetValue(id, out var link)
                ? QrTargets.TextOf(LinkResponse.ShortUrlOf(link, domains[link.DomainId]))
            : null;
    }

    /// <summary>The name of the file of an account's logo; null: there is no such logo.</summary>
    public static async Task<string?> LogoFileAsync(
        SignpostDb db,
        long accountId,
        long? logoId,
        CancellationToken cancel
    ) =>
        logoId is null
            ? null
            : await db
                .QrLogos.Where(logo => logo.Id == logoId && logo.AccountId == accountId)
                .Select(logo => logo.File)
                .FirstOrDefaultAsync(cancel);
}

using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Signpost.Api.Callers;
using Signpost.Dashboard.Links;
using Signpost.Links;
using Signpost.Links.Bulk;

namespace Signpost.Dashboard.ManyLinks;

/// <summary>The links that an action is about: chosen ones, or all that a list finds.</summary>
/// <param name="Ids">Links of the caller, ascending.</param>
/// <param name="List">The list that finds them; null: somebody chose them.</param>
/// <param name="IsTooMany">The list finds more links than may change at once. Then there are no ids.</param>
internal sealed record Selection(
    IReadOnlyList<long> Ids,
    LinksPage.LinkListAddress? List = null,
    bool IsTooMany = false
)
{
    private const int SealBytes = 12;

    /// <summary>The text that says why it has no links.</summary>
    public string WhyEmpty => IsTooMany ? "many.problem.most" : "links.none.heading";

    /// <summary>The selection as the query of an address.</summary>
    public string Query => List is null ? $"ids={IdRanges.Write(Ids)}" : List.All;

    /// <summary>
    /// Names exactly these links: the highest id, and a hash of all. A form carries it, so that nothing is changed that was not shown.
    /// </summary>
    public string Seal =>
        Ids is []
            ? ""
            : $"{Ids[^1]}.{Base64Url.EncodeToString(SHA256.HashData(IdList.Write(Ids)).AsSpan(0, SealBytes))}";

    /// <summary>Without links that were created after those of the seal. Null: they are other links than those that were sealed.</summary>
    public Selection? As(string seal)
    {
        if (!long.TryParse(seal.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return null;
        var sealedOnes = this with { Ids = [.. Ids.TakeWhile(id => id <= last)] };
        return sealedOnes.Seal == seal ? sealedOnes : null;
    }
}

/// <summary>Finds the links of selections.</summary>
internal sealed class Selections(LinkCatalog catalog, LinkLists lists)
{
    /// <summary>So many links can be chosen one by one.</summary>
    public const int MostChosen = 1_000;

    /// <summary>Finds the links of a selection. If a filter has no possible value, it has none.</summary>
    /// <param name="query">The query of an address.</param>
    public async Task<Selection> FindAsync(HttpContext http, string query)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        QueryCollection values = new(QueryHelpers.ParseQuery(query));
        if (values["all"] != "1")
        {
            var found = await catalog.ListAsync(caller, IdRanges.Read($"{values["ids"]}", MostChosen), cancel);
            return new([.. found.Select(link => link.Id)]);
        }

        var list = LinkLists.AddressOf(values).Bare;
        if (lists.QueryOf(http, list) is not { } asked)
            return new([], list);
        var all = catalog.FindAll(caller, asked, BulkEditor.MostLinks, cancel);
        return new(all ?? [], list, IsTooMany: all is null);
    }
}

using System.Text.Json;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Dashboard.Account;
using Signpost.Links;
using Signpost.QrCodes;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Links.Form;

/// <summary>Tells the script of the form whether an alias is free, and how the QR code of the short address looks.</summary>
internal static class LinkPreviewEndpoints
{
    public static void MapLinkPreview(this IEndpointRouteBuilder links) =>
        links.MapGet("/preview", Preview).RequireRateLimiting(RateLimits.PerKey);

    private static async Task Preview(
        HttpContext http,
        AliasCheck check,
        LinkDomains domains,
        PublicAddress address,
        OwnLanguages languages
    )
    {
        var (caller, query, cancel) = (http.Caller(), http.Request.Query, http.RequestAborted);
        var alias = $"{query["url"]}".Trim();
        _ = long.TryParse(query["domain_id"], out var domainId);
        var linkId = long.TryParse(query["link"], out var id) ? id : (long?)null;
        var state = await check.FindAsync(caller, domainId, alias, linkId, cancel);
        var texts = languages.For(http);
        var host = (await domains.ListAsync(caller, new Paging(1, Paging.LargestSize), cancel))
            .Domains.FirstOrDefault(domain => domain.Id == domainId)
            ?.Host;
        var start = domainId == 0 ? address.Url : $"https://{host}";
        var code = state is AliasState.Invalid ? null : QrCode.Of(QrTargets.TextOf($"{start}/{alias}"));
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await http.Response.WriteAsJsonAsync(
            new PreviewResponse(
                state is AliasState.Free,
                texts[$"link.alias.{JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString())}"],
                code?.Path,
                code?.Size
            ),
            ApiJson.Options,
            cancel
        );
    }

    private sealed record PreviewResponse(bool IsFree, string Text, string? QrPath, int? QrSize);
}

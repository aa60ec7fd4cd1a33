using Signpost.Core.Links;

namespace Signpost.Addressing;

/// <summary>A short address of this server, whether or not there is a link.</summary>
/// <param name="DomainId">0 is the main domain.</param>
/// <param name="Path">Decoded, without its leading slash.</param>
/// <param name="Rule">The rule of the domain.</param>
internal readonly record struct ShortAddress(long DomainId, string Path, CaseRule Rule)
{
    /// <summary>The keys that its link may have, the right one first; empty: no link can have this path.</summary>
    public string[] Keys => Rule.KeysOf(Path);

    /// <summary>The keys that are tried if there is no link for <see cref="Keys"/>; empty: none.</summary>
    public string[] TidyKeys => AliasPath.TryTidy(Path, out var tidy, out _) ? Rule.KeysOf(tidy) : [];
}

/// <summary>Finds out which addresses are short addresses of this server, however their hosts are spelled.</summary>
internal sealed class ShortAddresses(PublicAddress address, DomainDirectory domains, CaseRules rules)
{
    private const long MainDomain = 0;

    /// <param name="askedHost">The host of the request, which is one more name of this server.</param>
    /// <returns>Null: it leads elsewhere.</returns>
    public ShortAddress? Find(TargetUrl target, string? askedHost)
    {
        if (target.IsWeb && (domains.Find(target.Host) ?? domains.FindBehindWww(target.Host)) is { } domain)
            return new(domain.Id, target.AliasPath.ToString(), rules.Of(domain.Id));
        return address.IsOwn(target, askedHost)
            ? new(MainDomain, address.WithoutBase(target.AliasPath).ToString(), rules.Of(MainDomain))
            : null;
    }

    /// <summary>As the other overload, for an address as people type it: also without a scheme.</summary>
    public ShortAddress? Find(string text, string? askedHost)
    {
        if (!text.Contains('/', StringComparison.Ordinal))
            return null;

        return
            TargetUrl.TryParse(text, out var url, out _) && url.IsWeb
            || TargetUrl.TryParse("http://" + text, out url, out _)
            ? Find(url, askedHost) ?? Find(OtherScheme(url), askedHost)
            : null;
    }

    // Without a scheme it is unknown which port was meant.
    private static TargetUrl OtherScheme(TargetUrl url) =>
        TargetUrl.OfStored(
            url.Scheme is "https" ? "http" + url.Text["https".Length..] : "https" + url.Text["http".Length..]
        );
}

using System.Net;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Clicks;

/// <summary>Marks of a request. The numbers are stored (journal): never renumber, only add.</summary>
[Flags]
public enum ClickMarks : byte
{
    None = 0,

    /// <summary>The address came from a QR code.</summary>
    Qr = 1,

    /// <summary>The visitor asked not to be tracked, and the server respects it: it keeps nothing of the visitor.</summary>
    Untracked = 2,

    /// <summary>The visitor was sent to the destination, which is that of the click's link, version and rule.</summary>
    SentOn = 4,

    /// <summary>The path spelled the alias in another case than its owner did.</summary>
    OtherCase = 8,
}

/// <summary>
/// The raw facts of a request that statistics need beyond the <see cref="Click"/>. They are classified later, off
/// the redirect's path. Valid as long as the request.
/// </summary>
public ref struct ClickFacts
{
    /// <summary>0 is the main domain.</summary>
    public long DomainId { get; set; }

    /// <summary>The domain by whose host the request came, if it is another one; 0: it is not.</summary>
    public long HostId { get; set; }

    public ClickMarks Marks { get; set; }

    /// <summary>The visitor's, not the proxy's.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>The place from the headers of a trusted proxy.</summary>
    public Place Said { get; set; }

    /// <summary>The visitor's campaign, which wins over the link's.</summary>
    public VisitQuery Query { get; set; }

    public LinkUtm? Utm { get; set; }

    public ReadOnlySpan<char> Agent { get; set; }

    /// <summary>The client hints for names; hints for versions are not kept.</summary>
    public ReadOnlySpan<char> Brands { get; set; }

    /// <inheritdoc cref="Brands"/>
    public ReadOnlySpan<char> Mobile { get; set; }

    /// <inheritdoc cref="Brands"/>
    public ReadOnlySpan<char> Platform { get; set; }

    /// <inheritdoc cref="Brands"/>
    public ReadOnlySpan<char> FullVersions { get; set; }

    /// <inheritdoc cref="Brands"/>
    public ReadOnlySpan<char> Model { get; set; }

    /// <summary>The header Accept-Language.</summary>
    public ReadOnlySpan<char> Languages { get; set; }

    /// <summary>The header Referer.</summary>
    public ReadOnlySpan<char> Referrer { get; set; }

    /// <summary>The key of the requested alias, if the click has no link.</summary>
    public ReadOnlySpan<char> Alias { get; set; }
}

using System.Net;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Clicks;

/// <summary>What a request said of itself. The numbers are stored (journal): never renumber, only add.</summary>
[Flags]
public enum ClickMarks : byte
{
    None = 0,

    /// <summary>Its address was read from a QR code.</summary>
    Qr = 1,

    /// <summary>The visitor asked not to be tracked, and is heard: nothing of theirs stands here.</summary>
    Untracked = 2,
}

/// <summary>
/// What statistics need to know of a request beyond the <see cref="Click"/>, raw as it came: it is made sense of later, off
/// the redirect's path. Lives as long as the request.
/// </summary>
public ref struct ClickFacts
{
    /// <summary>0 is the main domain.</summary>
    public long DomainId { get; set; }

    public ClickMarks Marks { get; set; }

    /// <summary>The visitor's, not the proxy's.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>What a proxy that knows has said of it.</summary>
    public Place Said { get; set; }

    /// <summary>Where somebody was sent, as the link or its rule holds it; empty: nobody was sent on.</summary>
    public ReadOnlySpan<char> Destination { get; set; }

    /// <summary>The visitor's campaign, which goes before the link's.</summary>
    public VisitQuery Query { get; set; }

    public LinkUtm? Utm { get; set; }

    public ReadOnlySpan<char> Agent { get; set; }

    /// <summary>The client hints that can tell a name; versions are not kept.</summary>
    public ReadOnlySpan<char> Brands { get; set; }

    /// <inheritdoc cref="Brands"/>
    public ReadOnlySpan<char> Mobile { get; set; }

    /// <inheritdoc cref="Brands"/>
    public ReadOnlySpan<char> Platform { get; set; }

    /// <inheritdoc cref="Brands"/>
    public ReadOnlySpan<char> FullVersions { get; set; }

    /// <summary>The header Accept-Language.</summary>
    public ReadOnlySpan<char> Languages { get; set; }

    /// <summary>The header Referer.</summary>
    public ReadOnlySpan<char> Referrer { get; set; }

    /// <summary>The key of the alias that was asked for, where the click has no link.</summary>
    public ReadOnlySpan<char> Alias { get; set; }
}

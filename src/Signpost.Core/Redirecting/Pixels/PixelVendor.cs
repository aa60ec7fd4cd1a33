namespace Signpost.Core.Redirecting.Pixels;

/// <summary>A company that counts visits, and its way to count one.</summary>
/// <param name="Name">Its name in the API.</param>
/// <param name="Source">The description of its way to count.</param>
public sealed record PixelVendor(string Name, string Source)
{
    /// <summary>Addresses of pictures that count a visit when they load: no script of the company runs then.</summary>
    public IReadOnlyList<PixelUrl> Images { get; init; } = [];

    /// <summary>The script to load, in a frame that has no access to anything, if a picture is not enough.</summary>
    public PixelScript? Script { get; init; }

    /// <summary>A frame for browsers without script.</summary>
    public PixelUrl? Frame { get; init; }
}

/// <summary>An address at a vendor. <c>{id}</c> is the pixel's, <c>{page}</c> the short link's, <c>{visit}</c> differs each time.</summary>
public readonly record struct PixelUrl(string Template)
{
    /// <summary>The source in a content security policy.</summary>
    public string Origin => new Uri(Template.Split('?')[0]).GetLeftPart(UriPartial.Authority);

    public string For(string id, string page, string visit) =>
        Template
            .Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{visit}", visit, StringComparison.Ordinal)
            .Replace("{page}", Uri.EscapeDataString(page), StringComparison.Ordinal);
}

/// <summary>A vendor's script.</summary>
/// <param name="Code">Starts the script; <c>{id}</c> is the pixel's.</param>
/// <param name="Hosts">The hosts that it comes from and may connect to.</param>
public sealed record PixelScript(string Code, params string[] Hosts)
{
    public string For(string id) => Code.Replace("{id}", id, StringComparison.Ordinal);
}

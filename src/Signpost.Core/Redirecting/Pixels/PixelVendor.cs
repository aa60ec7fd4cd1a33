namespace Signpost.Core.Redirecting.Pixels;

/// <summary>A company that counts visits, and how it is told of one.</summary>
/// <param name="Name">As the API has it.</param>
/// <param name="Source">Where that is described.</param>
public sealed record PixelVendor(string Name, string Source)
{
    /// <summary>Addresses of pictures whose loading tells it: no script of the company runs then.</summary>
    public IReadOnlyList<PixelUrl> Images { get; init; } = [];

    /// <summary>What is loaded and run, in a frame that has no access to anything, where a picture is not enough.</summary>
    public PixelScript? Script { get; init; }

    /// <summary>A frame for browsers without script.</summary>
    public PixelUrl? Frame { get; init; }
}

/// <summary>An address at a vendor. <c>{id}</c> is the pixel's, <c>{page}</c> the short link's, <c>{visit}</c> differs each time.</summary>
public readonly record struct PixelUrl(string Template)
{
    /// <summary>What a content security policy calls the place.</summary>
    public string Origin => new Uri(Template.Split('?')[0]).GetLeftPart(UriPartial.Authority);

    public string For(string id, string page, string visit) =>
        Template
            .Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{visit}", visit, StringComparison.Ordinal)
            .Replace("{page}", Uri.EscapeDataString(page), StringComparison.Ordinal);
}

/// <summary>A vendor's script.</summary>
/// <param name="Code">Starts it; <c>{id}</c> is the pixel's.</param>
/// <param name="Hosts">Where it comes from and what it may talk to.</param>
public sealed record PixelScript(string Code, params string[] Hosts)
{
    public string For(string id) => Code.Replace("{id}", id, StringComparison.Ordinal);
}

using System.Net;

namespace Signpost.Core.Links;

/// <summary>
/// A name in the DNS that can be a custom domain: at least two labels, lower case, punycode, without a trailing dot.
/// </summary>
public readonly record struct DomainName
{
    /// <summary>The DNS allows 253; the rest is for the label of the TXT record.</summary>
    public const int LongestText = 240;

    private const string NotAName =
        "must be a host name like go.example.org, without scheme, port or path, each part of letters, digits and hyphens";
    private const string TooShort = "must have at least two parts, as in example.org";

    private DomainName(string text) => Text = text;

    public string Text { get; }

    /// <param name="problem">The error, to follow the field's name; empty if there is none.</param>
    public static bool TryParse(string typed, out DomainName name, out string problem)
    {
        name = default;
        problem = Judge(typed, out var text);
        if (problem is not "")
            return false;
        name = new(text!);
        return true;
    }

    public override string ToString() => Text ?? "";

    private static string Judge(string typed, out string? text)
    {
        if (!UrlHost.TryMakeCanonical(typed, out text) || text.StartsWith('['))
            return NotAName;
        if (IPAddress.TryParse(text, out _))
            return "must be a name, not an address";
        if (text.Length > LongestText)
            return $"must have at most {LongestText} characters";

        var labels = text.Split('.');
        // Underscores are for names that are no hosts; hyphens may not be at an end.
        if (labels.Any(label => label.Contains('_') || label.StartsWith('-') || label.EndsWith('-')))
            return NotAName;
        if (labels.Length < 2)
            return TooShort;
        return labels[^1] is "localhost" ? "must be a name that others can reach" : "";
    }
}

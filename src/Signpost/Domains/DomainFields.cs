using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Core.Links;

namespace Signpost.Domains;

/// <summary>What a request wants of a domain.</summary>
internal sealed record DomainChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<DomainName?> Host { get; init; }

    /// <summary>Null asks for the usual one.</summary>
    public Optional<string?> Scheme { get; init; }

    public Optional<TargetUrl?> Index { get; init; }
    public Optional<TargetUrl?> NotFound { get; init; }
    public Optional<bool> IsEnabled { get; init; }
}

/// <summary>Reads the parameters of create and update.</summary>
internal static class DomainFields
{
    public const string UsualScheme = "https://";
    private const string OtherScheme = "http://";

    public static DomainChanges Read(FieldReader read, bool isNew) =>
        new()
        {
            Host = Host(read, isNew),
            Scheme = read.OneOf("scheme", UsualScheme, OtherScheme),
            Index = read.Target("custom_index_url"),
            NotFound = read.Target("custom_not_found_url"),
            IsEnabled = read.Boolean("is_enabled"),
            Errors = read.Errors,
            Meaning = read.Meaning,
        };

    public static IEnumerable<Parameter> Parameters() =>
        [
            new(
                "host",
                Describe.Limited(DomainName.LongestText),
                "A name of yours in the DNS, without scheme, port or path. It cannot be changed."
            )
            {
                IsRequired = true,
                Example = "go.example.org",
            },
            new(
                "scheme",
                Describe.OneOf(UsualScheme, OtherScheme),
                $"How links are given out; {UsualScheme} unless set."
            ),
            new(
                "custom_index_url",
                Describe.Address(),
                "Where the bare host leads. Empty: to the page for unknown links."
            ),
            new("custom_not_found_url", Describe.Address(), "Where unknown links lead. Empty: to our own page."),
            new("is_enabled", Describe.Flag(), "0: the server does not know the host."),
        ];

    public static IEnumerable<Parameter> DeleteParameters() =>
        [
            new(
                DomainEditor.LinksField,
                Describe.OneOf("delete", "move"),
                "What becomes of the domain's links: they are deleted too, or move to the main domain, all or none."
            ),
        ];

    private static Optional<DomainName?> Host(FieldReader read, bool isNew)
    {
        DomainName name = default;
        var problem = "";
        var sent = read.Read(
            "host",
            TextRules.Line,
            text => DomainName.TryParse(text, out name, out problem) ? null : problem
        );
        if (isNew || sent.IsPresent)
            read.Require("host", sent, sent.Value is not null);
        return new(sent.As, sent.Value is null ? null : name);
    }
}

using System.Text.Json;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Core.Links;

namespace Signpost.Domains;

/// <summary>The changes to a domain that a request asks for.</summary>
internal sealed record DomainChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<DomainName?> Host { get; init; }

    /// <summary>Null: the usual scheme.</summary>
    public Optional<string?> Scheme { get; init; }

    public Optional<TargetUrl?> Index { get; init; }
    public Optional<TargetUrl?> NotFound { get; init; }
    public Optional<bool> IsEnabled { get; init; }
    public Optional<bool> IsCaseSensitive { get; init; }

    /// <summary>0: the main domain; null: no alias.</summary>
    public Optional<long?> AliasOf { get; init; }

    /// <summary>JSON; null: no such file.</summary>
    public Optional<string?> AppleAppSiteAssociation { get; init; }

    /// <inheritdoc cref="AppleAppSiteAssociation"/>
    public Optional<string?> AssetLinks { get; init; }

    /// <summary>All with whom the domain is shared.</summary>
    public Optional<IReadOnlyList<SharedName>?> SharedWith { get; init; }
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
            IsEnabled = read.Switch("is_enabled", isNew),
            IsCaseSensitive = read.Switch("is_case_sensitive", isNew),
            AliasOf = read.Number(DomainAliases.Field, _ => null),
            AppleAppSiteAssociation = read.Read(
                "apple_app_site_association",
                TextRules.Lines,
                text => DomainFiles.ProblemOf(text, JsonValueKind.Object)
            ),
            AssetLinks = read.Read(
                "asset_links",
                TextRules.Lines,
                text => DomainFiles.ProblemOf(text, JsonValueKind.Array)
            ),
            SharedWith = DomainShares.Read(read),
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };

    public static IEnumerable<Parameter> Parameters() =>
        [
            new(
                "host",
                Describe.Limited(DomainName.LongestText),
                "A host name that you control in the DNS, without scheme, port or path. It cannot be changed."
            )
            {
                IsRequired = true,
                Example = "go.example.org",
            },
            new(
                "scheme",
                Describe.OneOf(UsualScheme, OtherScheme),
                $"The scheme of the short addresses; {UsualScheme} unless set."
            ),
            new(
                "custom_index_url",
                Describe.Address(),
                "The destination of the host without an alias. Empty: the page for unknown links."
            ),
            new(
                "custom_not_found_url",
                Describe.Address(),
                "The destination of unknown links. Empty: the server's own page."
            ),
            new("is_enabled", Describe.Flag(), "0: the server treats the host as unknown."),
            new(
                "is_case_sensitive",
                Describe.Flag(),
                "1: aliases that differ only in case are different links. 0, which is usual: they are one. A change of existing links "
                    + "goes on after the response; other_case_clicks tells beforehand what 1 would lose."
            ),
            new(
                DomainAliases.Field,
                Describe.Whole(0),
                "Another domain of yours, whose links this host serves too; 0: the main domain (server admins only). Empty: no alias."
            ),
            new(
                "apple_app_site_association",
                Describe.Text(),
                $"The file /.well-known/{DomainFiles.Apple}: the text of a JSON object, at most 128 KiB. Empty: no such file."
            ),
            new(
                "asset_links",
                Describe.Text(),
                $"The file /.well-known/{DomainFiles.Android}: the text of a JSON array, at most 128 KiB. Empty: no such file."
            ),
            new(
                DomainShares.Field,
                Describe.ListOf(Describe.Text()),
                $"The others that may make links on the domain: e-mail addresses, ids of teams, or everyone on this server; at most {DomainShares.Most}. Replaces the list. Empty: nobody."
            ),
        ];

    public static IEnumerable<Parameter> DeleteParameters() =>
        [
            new(
                DomainEditor.LinksField,
                Describe.OneOf("delete", "move"),
                "delete: deletes the domain's links too, also those of other accounts. move: moves all links to the main domain, or none if one cannot move."
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

using Signpost.Accounts;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Teams;

/// <summary>The changes that a request makes to a team.</summary>
internal sealed record TeamChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<string?> Name { get; init; }

    /// <summary>An IANA name; null: UTC.</summary>
    public Optional<string?> TimeZone { get; init; }
}

/// <summary>Reads the parameters of operations on teams.</summary>
internal static class TeamFields
{
    public const string UsualZone = "UTC";

    public static TeamChanges Read(FieldReader read, bool isNew) =>
        new()
        {
            Name = read.Name(AccountRules.LongestName, isNew),
            TimeZone = read.Read(
                "timezone",
                TextRules.Line,
                text => AccountRules.TimeZone(text) is null ? null : "must be a time zone such as Europe/Berlin"
            ),
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };

    public static IEnumerable<Parameter> Parameters() =>
        [
            new("name", Describe.Limited(AccountRules.LongestName), "The name of the team.")
            {
                IsRequired = true,
                Example = "Sales",
            },
            new(
                "timezone",
                Describe.Text(),
                $"The time zone of dates with the team's keys, an IANA name. Default: {UsualZone}."
            ),
        ];

    /// <summary>The choice between deletion and transfer of the links of a deleted team.</summary>
    public static IEnumerable<Parameter> Delete() =>
        [
            new(
                "links",
                Describe.OneOf("delete", "transfer"),
                "Required: delete the team's links, or transfer them with its projects, pixels, splash pages and domains."
            ),
            new(
                "to",
                Describe.Whole(0),
                "The team that receives them, in which you are an owner or admin; 0: your own account."
            ),
        ];
}

using System.Globalization;
using Signpost.Statistics.Sheets;

namespace Signpost.Dashboard.Statistics;

/// <summary>Scopes in the addresses of streams, as in <c>link-7</c>, <c>project-3</c>, <c>domain-0</c> or <c>all</c>.</summary>
internal static class ScopeWords
{
    private const string All = "all";

    public static string Of(SheetScope scope) =>
        scope switch
        {
            { LinkId: { } id } => $"link-{id}",
            { ProjectId: { } id } => $"project-{id}",
            { DomainId: { } id } => $"domain-{id}",
            _ => All,
        };

    /// <summary>Reads a scope; null: it is none.</summary>
    public static SheetScope? Parse(string word) =>
        word is All ? new(null, null, null)
        : word.Split('-') is not [var kind, var text] || !TryId(text, out var id) ? null
        : kind switch
        {
            "link" => new(id, null, null),
            "project" => new(null, id, null),
            "domain" => new(null, null, id),
            _ => null,
        };

    private static bool TryId(string text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}

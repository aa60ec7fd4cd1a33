using System.Collections.Frozen;
using System.Globalization;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Core.Links;

namespace Signpost.Links.Bulk;

/// <summary>A change of many links: of which, and what changes. Each value is already valid by itself.</summary>
internal sealed record BulkRequest : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required Meaning Meaning { get; init; }
    public List<Warning> Warnings => Change.Warnings;

    /// <summary>The filters; null: <see cref="Ids"/> name the links.</summary>
    public required LinkQuery? Query { get; init; }

    public required IReadOnlyList<SentId> Ids { get; init; }

    /// <summary>Links of the account, ascending, that a page has shown; null: the filters or <see cref="Ids"/> say which.</summary>
    public IReadOnlyList<long>? Shown { get; init; }

    /// <summary>The links are deleted.</summary>
    public required bool Deletes { get; init; }

    public required LinkChanges Change { get; init; }

    /// <summary>The fields of <see cref="Change"/>, as a JSON body.</summary>
    public required string Fields { get; init; }
}

/// <summary>
/// Reads a change of many links: filters in the query, the change in the body. Everything that a list would only warn of is an error, because
/// a misspelt filter must not change other links.
/// </summary>
internal static class BulkFields
{
    public const int MostIds = 1_000;
    public const string AddTags = "add_tags";
    public const string RemoveTags = "remove_tags";
    private const string All = "all";

    /// <summary>The fields that may change for many links. A field that names one link, or that is slow to change, is not among them.</summary>
    public static readonly string[] Changing =
    [
        "is_enabled",
        "project_id",
        "domain_id",
        "tags",
        AddTags,
        RemoveTags,
        "pixels_ids",
        "splash_page_id",
        "schedule",
        "start_date",
        "end_date",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
    ];

    private static readonly string[] Unusable = ["page", "results_per_page", "cursor", "order_by", "order_type"];

    // They say how to read other filters, or match every link.
    private static readonly string[] Idle = ["search_by", "datetime_field", "type"];

    private static readonly FrozenSet<string> Filters = LinkParameters
        .Filters()
        .Select(filter => filter.Name)
        .Except(Unusable)
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> NotForMany = LinkParameters
        .Fields()
        .Select(field => field.Name)
        .Except([.. Changing, "type"])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <param name="queryOf">Reads the filters.</param>
    public static BulkRequest Read(
        Fields query,
        Fields body,
        TimeZoneInfo zone,
        AppSchemes schemes,
        Func<FieldReader, LinkQuery> queryOf
    )
    {
        var read = new FieldReader(body, zone);
        List<FieldError> errors = [.. ForbiddenIn(body)];
        var ids = Ids(read);
        var request = Read(read, body, zone, schemes, errors);
        var filters = Filter(query, zone, ids.IsPresent, queryOf, errors);
        if (ids.IsPresent && query.Names.Any())
            errors.Add(new("ids and filters cannot be combined.", ids.As));
        AddMeaning(read.Meaning, query);
        return request with
        {
            Errors = Distinct(errors.Concat(read.Errors)),
            Query = ids.IsPresent ? null : filters,
            Ids = ids.Value ?? [],
        };
    }

    /// <summary>Reads a change of links that a page has shown.</summary>
    /// <param name="shown">Links of the account, ascending.</param>
    public static BulkRequest Read(IReadOnlyList<long> shown, Fields body, TimeZoneInfo zone, AppSchemes schemes)
    {
        var read = new FieldReader(body, zone);
        List<FieldError> errors = [];
        var request = Read(read, body, zone, schemes, errors);
        return request with { Errors = Distinct(errors.Concat(read.Errors)), Shown = shown };
    }

    /// <summary>Reads the fields that change.</summary>
    public static LinkChanges Changes(FieldReader read, TimeZoneInfo zone, AppSchemes schemes)
    {
        var (added, removed) = (LinkTags.Read(read, AddTags), LinkTags.Read(read, RemoveTags));
        return LinkFields.Read(read, zone, isNew: false, schemes) with { AddedTags = added, RemovedTags = removed };
    }

    private static BulkRequest Read(
        FieldReader read,
        Fields body,
        TimeZoneInfo zone,
        AppSchemes schemes,
        List<FieldError> errors
    )
    {
        var deletes = read.Boolean("delete");
        var changing = body.Names.Where(Changing.Contains).ToList();
        if (deletes.Value && changing is not [])
            errors.Add(new("delete cannot be combined with other changes.", deletes.As));
        else if (!deletes.Value && changing is [])
            errors.Add(new($"Send a change: {string.Join(", ", Changing)} or delete=1.", null));
        var change = Changes(read, zone, schemes);
        if (change is { Start.Value: { } start, End.Value: { } end } && end.At <= start.At)
            errors.Add(new("end_date must be after start_date.", change.End.As));
        if (change.Tags.IsPresent && (change.AddedTags.As ?? change.RemovedTags.As) is { } both)
            errors.Add(new($"tags cannot be combined with {AddTags} and {RemoveTags}.", both));
        return new()
        {
            Errors = [],
            Meaning = read.Meaning,
            Query = null,
            Ids = [],
            Deletes = deletes.Value,
            Change = change,
            Fields = body.ToJson(changing),
        };
    }

    private static List<FieldError> Distinct(IEnumerable<FieldError> errors) =>
        [.. errors.DistinctBy(error => (error.Field, error.Field is null ? error.Title : ""))];

    public static IEnumerable<Parameter> Query() =>
        [
            .. LinkParameters.Filters().Where(filter => Filters.Contains(filter.Name)),
            new(All, Describe.Flag(), "1: all links. Without it, at least one filter or ids must be sent."),
        ];

    public static IEnumerable<Parameter> Body() =>
        [
            new("ids", Describe.ListOf(Describe.Whole(1)), $"The links, up to {MostIds:N0}, instead of filters."),
            new("delete", Describe.Flag(), "1: put the links into the trash. Not together with other changes."),
            .. LinkParameters.Fields().Where(field => Changing.Contains(field.Name)).Select(WithExample),
            new(AddTags, Describe.ListOf(Describe.Text()), "Names of tags that the links get beside their own."),
            new(RemoveTags, Describe.ListOf(Describe.Text()), "Names of tags that the links lose."),
        ];

    private static Parameter WithExample(Parameter field) =>
        field.Name is "is_enabled" ? field with { Example = false } : field;

    private static IEnumerable<FieldError> ForbiddenIn(Fields body) =>
        body
            .Names.Where(NotForMany.Contains)
            .Select(name => new FieldError($"{name} cannot be changed for many links.", body[name][0].SentAs));

    private static Optional<IReadOnlyList<SentId>?> Ids(FieldReader read)
    {
        var sent = read.List("ids");
        if (sent.Value is not { } items)
            return default;

        var ids = new SortedDictionary<long, SentId>();
        foreach (var item in items.Where(item => !item.IsWrong))
            if (FieldText.TryNumber(item.Text ?? "", out var id))
                ids.TryAdd(id, new(id, item.As));
            else
                read.Add(BulkEditor.NoLink, item.As);
        if (ids.Count > MostIds)
            read.Add($"ids may hold at most {MostIds:N0} links.", sent.As!);
        read.Meaning.Add("ids", string.Join(' ', ids.Keys.Select(id => id.ToString(CultureInfo.InvariantCulture))));
        return new(sent.As, [.. ids.Values]);
    }

    private static LinkQuery Filter(
        Fields query,
        TimeZoneInfo zone,
        bool hasIds,
        Func<FieldReader, LinkQuery> queryOf,
        List<FieldError> errors
    )
    {
        var read = new FieldReader(query, zone);
        errors.AddRange(
            query
                .Names.Where(name => name is not All && !Filters.Contains(name))
                .Select(name => new FieldError($"{name} is no filter of links.", name))
        );
        errors.AddRange(
            query
                .Names.Where(name => Filters.Contains(name) && !read.IsFilled(name))
                .Select(name => new FieldError($"The filter {name} is empty: leave it out.", name))
        );
        var all = read.Boolean(All);
        var narrowing = query.Names.Where(name => Filters.Contains(name) && !Idle.Contains(name));
        if (all.Value && narrowing.Any())
            errors.Add(new("all and filters cannot be combined.", all.As));
        else if (!all.Value && !hasIds && !narrowing.Any())
            errors.Add(new("Send at least one filter in the query, or all=1, or ids.", null));
        var filters = queryOf(read);
        errors.AddRange(read.Errors);
        errors.AddRange(read.Warnings.Select(warning => new FieldError(warning.Title, warning.Field)));
        return filters;
    }

    private static void AddMeaning(Meaning meaning, Fields query)
    {
        foreach (var name in query.Names.Order(StringComparer.Ordinal))
            meaning.Add($"?{name}", query.ToJson([name]));
    }
}

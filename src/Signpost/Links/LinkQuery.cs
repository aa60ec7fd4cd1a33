using System.Text.Json;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The filters and the order of the list of links.</summary>
internal sealed record LinkQuery
{
    private const int LongestSearch = TargetUrl.LongestText;

    public required ListWindow Window { get; init; }

    /// <summary>A filter has a value that no link can have.</summary>
    public bool MatchesNothing { get; init; }

    public string? Search { get; init; }

    /// <summary>The field to search: one of <see cref="Searched"/>.</summary>
    public string SearchBy { get; init; } = Searched[0];

    /// <summary>The whole short address in <see cref="Search"/>; null: it is something else.</summary>
    public ShortAddress? SearchedAddress { get; init; }

    /// <summary>An alias, or a whole short address: only the link with exactly this one.</summary>
    public string? Url { get; init; }

    /// <inheritdoc cref="SearchedAddress"/>
    public ShortAddress? UrlAddress { get; init; }

    /// <summary>Only links with exactly this destination.</summary>
    public string? LocationUrl { get; init; }

    /// <summary>All of them must hold.</summary>
    public IReadOnlyList<TagFilter> Tags { get; init; } = [];

    /// <summary>The link has all of these (<see cref="LinkFlags.Names"/>).</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    public AppSchemes Schemes { get; init; } = AppSchemes.Known;

    public bool? IsEnabled { get; init; }

    /// <summary>0: only links without a project; null: all.</summary>
    public long? ProjectId { get; init; }

    /// <summary>0: only links of the main domain; null: all.</summary>
    public long? DomainId { get; init; }

    /// <summary>Where the page begins; null: the number of the page says it.</summary>
    public LinkCursor? Cursor { get; init; }

    /// <summary>The domains where aliases that differ only in case are different ones.</summary>
    public IReadOnlyCollection<long> CaseSensitive { get; init; } = [];

    /// <summary>The name of the filter for <see cref="Flags"/>.</summary>
    public const string Flag = "flag";

    public const string ByDestination = "location_url";
    public const string ByTitle = "title";
    public const string ByNote = "note";

    /// <summary>The fields that can be searched; the first is the usual one.</summary>
    public static readonly string[] Searched = ["url", ByDestination, ByTitle, ByNote];

    /// <summary>The possible orders; the first is the usual one.</summary>
    public static readonly string[] Orders = ["link_id", "datetime", "last_datetime", "clicks", "url"];

    /// <summary>Reads the query of a request.</summary>
    /// <param name="schemes">The schemes of apps that links may lead to; null: the known ones.</param>
    /// <param name="account">Whose links are listed.</param>
    /// <param name="shortAddress">Finds out whether a text is a whole short address of this server.</param>
    public static LinkQuery Read(
        FieldReader read,
        AppSchemes? schemes = null,
        Func<string, ShortAddress?>? shortAddress = null,
        long account = 0
    )
    {
        read.Filter("type", LinkResponse.OnlyType);
        var search = read.Text("search", LongestSearch).Value;
        var url = read.Text("url", LongestSearch).Value;
        var query = new LinkQuery
        {
            Window = ListWindow.Read(read, Orders),
            Search = search,
            SearchedAddress = search is null ? null : shortAddress?.Invoke(search),
            Url = url,
            UrlAddress = url is null ? null : shortAddress?.Invoke(url),
            LocationUrl = read.Text("location_url", LongestSearch).Value,
            Schemes = schemes ?? AppSchemes.Known,
            SearchBy = read.Choice("search_by", Searched),
            Tags = read.FilterTags(),
            Flags = read.FilterAll(Flag, LinkFlags.Names),
            IsEnabled = read.FilterFlag("is_enabled"),
            ProjectId = read.FilterNumber("project_id"),
            DomainId = read.FilterNumber("domain_id"),
        };
        query = query with { MatchesNothing = read.MatchesNothing };
        return query.WithCursor(read, account);
    }

    /// <summary>The domain of <see cref="DomainId"/> or of a whole short address; null: all.</summary>
    public long? OnlyDomain => DomainId ?? SearchedDomain ?? UrlAddress?.DomainId;

    /// <summary>The query names two domains, so it matches nothing.</summary>
    public bool HasNoDomain =>
        ((long?[])[DomainId, SearchedDomain, UrlAddress?.DomainId]).OfType<long>().Distinct().Count() > 1;

    private long? SearchedDomain => SearchBy == Searched[0] ? SearchedAddress?.DomainId : null;

    /// <summary>Names the list of an account, whatever page of it: with another filter or order it is another list.</summary>
    public string NameOf(long account) =>
        string.Join(
            '\n',
            [
                $"{account} {Window.OrderBy} {Window.Ascending} {Window.ByLastEdit} {Window.From} {Window.To}",
                $"{IsEnabled} {ProjectId} {DomainId} {SearchBy} {string.Join(' ', Flags)}",
                $"{Search}",
                $"{Url}",
                $"{LocationUrl}",
                .. Tags.Select(filter => $"{filter.IsExcluding} {JsonSerializer.Serialize(filter.Keys)}"),
            ]
        );

    /// <summary>Whether the page begins after so many links.</summary>
    public bool IsPastEnd(long links) => Cursor is null && Window.Paging.Start is > 0 and var start && start >= links;

    /// <summary>Reads <c>cursor</c>, which is of one list only.</summary>
    private LinkQuery WithCursor(FieldReader read, long account)
    {
        var sent = read.Text("cursor", LinkCursor.Longest);
        if (sent.Value is not { } text)
            return this;
        if (read.Has("page"))
            read.Add("cursor and page cannot be combined.", sent.As!);
        if (!LinkCursor.TryRead(text, NameOf(account), out var cursor))
        {
            read.Add("cursor must be a next_cursor of a list with the same filters and the same order.", sent.As!);
            return this;
        }

        return this with
        {
            Cursor = cursor,
            Window = Window with { Paging = Window.Paging with { Page = cursor.Page } },
        };
    }
}

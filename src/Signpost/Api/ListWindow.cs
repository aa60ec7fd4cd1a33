using Signpost.Api.Bodies;
using Signpost.Api.Documentation;

namespace Signpost.Api;

/// <summary>The parameters that the lists of links and of resources share: the page, a range of dates, and the order.</summary>
/// <param name="ByLastEdit">The dates filter the last edit instead of the creation.</param>
/// <param name="From">Milliseconds since 1970-01-01 UTC; null: no limit.</param>
/// <param name="To">The last second that counts, in the same unit.</param>
internal sealed record ListWindow(Paging Paging, bool ByLastEdit, long? From, long? To, string OrderBy, bool Ascending)
{
    /// <summary>Responses have times in whole seconds, so the whole last second counts.</summary>
    public long? Until => To + 1_000;

    /// <param name="orders">The possible orders; the first is the usual one.</param>
    public static ListWindow Read(FieldReader read, params string[] orders) =>
        new(
            Paging.Read(read),
            read.Choice("datetime_field", "datetime", "last_datetime") is "last_datetime",
            read.FilterDate("datetime_start", isEnd: false),
            read.FilterDate("datetime_end", isEnd: true),
            read.Choice("order_by", orders),
            read.Choice("order_type", "DESC", "ASC") is "ASC"
        );

    public static IEnumerable<Parameter> Parameters(params string[] orders) =>
        [
            new(
                "datetime_field",
                Describe.OneOf("datetime", "last_datetime"),
                "The date that datetime_start and datetime_end filter. Default: datetime."
            ),
            new("datetime_start", Describe.Text(), "Not before this date or time."),
            new("datetime_end", Describe.Text(), "Not after this date or time. A date includes its whole day."),
            new("order_by", Describe.OneOf(orders), $"The field to sort by. Default: {orders[0]}."),
            new("order_type", Describe.OneOf("ASC", "DESC"), "The direction. Default: DESC."),
        ];
}

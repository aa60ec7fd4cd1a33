using Signpost.Api.Bodies;
using Signpost.Api.Documentation;

namespace Signpost.Api.Resources;

/// <summary>Which page of a resource's list is asked for, and a part of the name that all on it have.</summary>
internal sealed record ResourceQuery(Paging Paging, string? Search)
{
    private const int LongestSearch = 256;

    public static IEnumerable<Parameter> Parameters() =>
        [.. Describe.Paging(), new("search", Describe.Text(), "A part of the name, taken literally, without case.")];

    /// <summary>Reads the query of a request; what is wrong is in <paramref name="errors"/>.</summary>
    public static ResourceQuery Read(Fields fields, TimeZoneInfo zone, out IReadOnlyList<FieldError> errors)
    {
        var read = new FieldReader(fields, zone);
        var query = new ResourceQuery(Paging.Read(read), read.Text("search", LongestSearch).Value);
        errors = read.Errors;
        return query;
    }
}

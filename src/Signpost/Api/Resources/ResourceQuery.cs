using Signpost.Api.Bodies;
using Signpost.Api.Documentation;

namespace Signpost.Api.Resources;

/// <summary>The requested page of a resource's list, and the part of the name to search for.</summary>
internal sealed record ResourceQuery(Paging Paging, string? Search, IReadOnlyList<Warning> Warnings)
{
    private const int LongestSearch = 256;

    public static IEnumerable<Parameter> Parameters() =>
        [
            .. Describe.Paging(),
            new("search", Describe.Text(), "A part of the name. There are no wildcards, and case does not matter."),
        ];

    /// <summary>Reads the query of a request and adds its errors to <paramref name="errors"/>.</summary>
    public static ResourceQuery Read(Fields fields, TimeZoneInfo zone, out IReadOnlyList<FieldError> errors)
    {
        var read = new FieldReader(fields, zone);
        var query = new ResourceQuery(Paging.Read(read), read.Text("search", LongestSearch).Value, read.Warnings);
        read.WarnOfUnknown();
        errors = read.Errors;
        return query;
    }
}

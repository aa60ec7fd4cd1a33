using System.Collections.Frozen;
using Signpost.Api.Callers;

namespace Signpost.Api.Bodies;

/// <summary>Gives handlers the fields of a request.</summary>
internal static class RequestFields
{
    extension(HttpContext http)
    {
        public Fields Query() => FormBody.ParseQuery(http.Request.QueryString.Value ?? "");

        /// <summary>Reads the query; dates in it are in the caller's time zone.</summary>
        public FieldReader QueryReader() => new(http.Query(), http.Caller().TimeZone);

        /// <summary>Reads a body that takes no files; dates in it are in the caller's time zone.</summary>
        /// <exception cref="BodyException">The body cannot be read.</exception>
        public async Task<FieldReader> BodyAsync(CancellationToken cancel, BodyLimit? limit = null) =>
            new(
                await BodyReader.ReadAsync(http.Request, FrozenDictionary<string, int>.Empty, cancel, limit),
                http.Caller().TimeZone
            );
    }
}

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

        /// <summary>Reads a body; dates in it are in the caller's time zone.</summary>
        /// <param name="files">The fields that accept files, and the most bytes of each; null: none.</param>
        /// <exception cref="BodyException">The body cannot be read.</exception>
        public async Task<FieldReader> BodyAsync(
            CancellationToken cancel,
            BodyLimit? limit = null,
            FrozenDictionary<string, int>? files = null
        ) =>
            new(
                await BodyReader.ReadAsync(http.Request, files ?? FrozenDictionary<string, int>.Empty, cancel, limit),
                http.Caller().TimeZone
            );
    }
}

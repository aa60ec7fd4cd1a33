using Microsoft.AspNetCore.Http.Features;

namespace Signpost.Api.Callers;

/// <summary>Gives handlers the caller of a key or a session.</summary>
internal static class CallerOfRequest
{
    /// <summary>The caller of an authorised request.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.GetRequiredFeature<Caller>();

    public static Origin Origin(this HttpContext http) =>
        new(http.Connection.RemoteIpAddress, http.Request.Headers.UserAgent.ToString());
}

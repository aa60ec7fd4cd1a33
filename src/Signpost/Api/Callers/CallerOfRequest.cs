using Microsoft.AspNetCore.Http.Features;
using Signpost.Web;

namespace Signpost.Api.Callers;

/// <summary>Gives handlers the caller that the key named.</summary>
internal static class CallerOfRequest
{
    /// <summary>The caller of an authorised request.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.GetRequiredFeature<Caller>();

    /// <summary>Who acts in this request, for the audit log.</summary>
    public static Actor Actor(this HttpContext http, long? accountId) =>
        new(accountId, ClientNetwork.Shown(http.Connection.RemoteIpAddress));
}

using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace Signpost.Dashboard.Providers;

/// <summary>The framework's handler, but only for callbacks by a redirect. It would also read a form, which may be large.</summary>
internal sealed class ProviderHandler(
    IOptionsMonitor<OpenIdConnectOptions> options,
    ILoggerFactory loggers,
    HtmlEncoder html,
    UrlEncoder encoder
) : OpenIdConnectHandler(options, loggers, html, encoder)
{
    public override async Task<bool> ShouldHandleRequestAsync() =>
        HttpMethods.IsGet(Request.Method) && await base.ShouldHandleRequestAsync();
}

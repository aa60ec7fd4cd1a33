using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Api;
using Signpost.Hosting;
using Signpost.Web.Notices;

namespace Signpost.Tests.Api;

/// <summary>The API's responses under too much load.</summary>
public sealed class BusyTests
{
    [Fact]
    public async Task Too_many_passwords_at_once_are_a_503_to_try_again_and_no_mistake_of_ours()
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Request.Path = "/api/users";
        var edge = new ApiEdge(
            _ => throw new TooBusyException("Too many passwords."),
            new FaultLog(TimeProvider.System, NullLogger<FaultLog>.Instance)
        );

        await edge.InvokeAsync(http);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, http.Response.StatusCode);
        Assert.Equal("5", http.Response.Headers.RetryAfter);
    }
}

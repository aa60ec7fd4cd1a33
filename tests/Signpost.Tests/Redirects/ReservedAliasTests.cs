using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Addressing;
using Signpost.Testing;

namespace Signpost.Tests.Redirects;

/// <summary>No link can take a path that a route of the server answers.</summary>
public sealed class ReservedAliasTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public void The_first_segment_of_every_route_is_reserved()
    {
        var routes = shared.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        var segments = routes
            .OfType<RouteEndpoint>()
            .Select(route => route.RoutePattern.PathSegments is [var first, ..] ? first.Parts[0] : null)
            .OfType<RoutePatternLiteralPart>()
            .Select(part => part.Content)
            .ToHashSet();

        Assert.True(segments.Count > 10, string.Join(' ', segments));
        Assert.DoesNotContain(segments, segment => !ReservedAliases.Contains(segment));
        Assert.DoesNotContain(segments, segment => !ReservedAliases.Contains(segment.ToUpperInvariant()));
    }
}

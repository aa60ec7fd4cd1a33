using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Signpost.Core.Redirecting;
using Signpost.Redirects.Interstitials;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>The one cookie of a redirect is found among any others, which cost nothing.</summary>
public sealed class HostileCookieTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const int LongestHeader = 31_000;

    private static readonly LinkPlan Plan = new()
    {
        LinkId = 1,
        Version = 1,
        Location = "https://example.org/",
        Status = 302,
        Warns = true,
    };

    private readonly LinkAccessCookie _access = shared.Server.Services.GetRequiredService<LinkAccessCookie>();

    [Theory]
    [InlineData("=;")]
    [InlineData("a=b; ")]
    [InlineData("signpost-grants")]
    [InlineData("signpost-grants;")]
    [InlineData(" signpost-grants =;")]
    [InlineData("signpost-grants=AAAA.;")]
    [InlineData("\"")]
    [InlineData("%3D;")]
    public void Other_cookies_cost_no_memory_and_hide_nothing(string piece)
    {
        var junk = string.Concat(Enumerable.Repeat(piece, LongestHeader / piece.Length));
        var hostile = RequestWith(junk);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(_access.Agrees(hostile, Plan));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512);
    }

    [Fact]
    public void The_cookie_is_found_wherever_it_stands()
    {
        var given = new DefaultHttpContext();
        _access.Give(given, LinkAccessKind.Agreed, Plan);
        var cookie = given.Response.Headers.SetCookie.ToString().Split(';')[0];

        string[][] right =
        [
            [cookie],
            [$"{cookie}; a=b"],
            [$"a=b; {cookie}"],
            [$"a=b;{cookie} ;c=d"],
            [$"x{cookie}; {cookie}"],
            [$"signpost-grants-x=1; {cookie}"],
            ["a=b", cookie],
            [$"signpost-grants; {cookie}"],
        ];
        Assert.NotEmpty(right);
        foreach (var lines in right)
            Assert.True(_access.Agrees(RequestWith(lines), Plan), string.Join(" / ", lines));
        foreach (var line in (string[])[$"x{cookie}", $"a={cookie}x", cookie[..^1], ""])
            Assert.False(_access.Agrees(RequestWith(line), Plan), line);
    }

    private static DefaultHttpContext RequestWith(params string[] lines)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = new StringValues(lines);
        return http;
    }
}

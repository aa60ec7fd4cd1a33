using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Hosting;
using Signpost.Redirects;
using Signpost.Visitors;

namespace Signpost.Tests.Redirects;

public sealed class FactsReaderTests : IDisposable
{
    private static readonly LinkPlan Plan = new()
    {
        LinkId = 1,
        Version = 1,
        Location = "https://example.org/?utm_source=own",
        Utm = new("own", null, null),
        Status = 302,
    };

    private readonly GeoDatabase _places = new([], TimeProvider.System, NullLogger<GeoDatabase>.Instance);

    public void Dispose() => _places.Dispose();

    [Fact]
    public void Noting_what_a_request_says_allocates_nothing()
    {
        var facts = Make();
        var http = Request("?qr=1&utm_medium=mail", "https://news.example/");
        var decision = Plan.Decide(new Visit(0));
        var payload = new byte[JournalFrame.LongestPayload];
        var least = long.MaxValue;
        for (var run = 0; run < 20; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var told = facts.Read(http, default, Plan, decision);
            ClickCodec.Write(new(1, 1, 0, ClickKind.Person, 302), told, payload);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData("https://news.example/", true)]
    [InlineData("https://go.example/a", false)]
    [InlineData("http://GO.example:8080/a", false)]
    public void A_page_of_the_same_host_is_no_source(string referrer, bool isKept)
    {
        var told = Make().Read(Request("", referrer), default, Plan, Plan.Decide(new Visit(0)));

        Assert.Equal(isKept ? referrer : "", told.Referrer.ToString());
    }

    [Fact]
    public void Headers_sent_twice_are_one_list_and_hints_sent_twice_say_nothing()
    {
        var http = Request("", "");
        http.Request.Headers.AcceptLanguage = new(["de", "en"]);
        http.Request.Headers["Sec-CH-UA-Platform"] = new(["\"Linux\"", "\"Windows\""]);

        var told = Make().Read(http, default, Plan, Plan.Decide(new Visit(0)));

        Assert.Equal("de,en", told.Languages.ToString());
        Assert.True(told.Platform.IsEmpty);
    }

    private FactsReader Make()
    {
        var settings = SignpostSettings.Read(new ConfigurationBuilder().Build());
        return new(new PlaceFinder(_places, settings), settings);
    }

    private static DefaultHttpContext Request(string query, string referrer)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
        http.Request.QueryString = new(query);
        http.Request.Headers.Host = "go.example:8080";
        http.Request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        http.Request.Headers.AcceptLanguage = "de";
        http.Request.Headers["Sec-CH-UA-Mobile"] = "?0";
        http.Request.Headers.Referer = referrer;
        return http;
    }
}

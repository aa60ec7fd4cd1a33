using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;
using Signpost.Hosting;
using Signpost.Redirects;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

[Collection(MeasuresMemory.Name)]
public sealed class AgentReaderTests : IDisposable
{
    private const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    private readonly AgentReader _agents = new(TimeProvider.System);

    public void Dispose() => _agents.Dispose();

    [Fact]
    public void Headers_say_system_browser_and_device()
    {
        var read = _agents.Read(Headers(Chrome));

        Assert.Equal(new UserAgent("Windows", "10", "Chrome", "131.0.0.0", DeviceType.Desktop), read);
        Assert.Same(read, _agents.Read(Headers(Chrome)));
    }

    [Fact]
    public void Without_any_header_nothing_is_known() =>
        Assert.Equal(UserAgent.Unknown, _agents.Read(new HeaderDictionary()));

    [Fact]
    public void Hints_count_for_the_request_that_sends_them()
    {
        var eleven = Headers(
            Chrome,
            ("Sec-CH-UA-Platform", "\"Windows\""),
            ("Sec-CH-UA-Platform-Version", "\"15.0.0\"")
        );

        Assert.Equal("11", _agents.Read(eleven).SystemVersion);
        Assert.Equal("10", _agents.Read(Headers(Chrome)).SystemVersion);
        Assert.Same(_agents.Read(eleven), _agents.Read(eleven));
    }

    [Fact]
    public void Hints_do_not_make_a_person_of_a_robot()
    {
        const string Robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
        var headers = Headers(
            Robot,
            ("Sec-CH-UA", "\"Google Chrome\";v=\"131\""),
            ("Sec-CH-UA-Platform", "\"Windows\""),
            ("Sec-CH-UA-Mobile", "?1")
        );

        Assert.Equal(VisitorClass.Robot, _agents.Classify(headers["User-Agent"]));
        Assert.Equal(_agents.Read(Headers(Robot)), _agents.Read(headers));
    }

    [Fact]
    public void Who_sends_a_hint_twice_or_at_length_sends_none()
    {
        var headers = Headers(Chrome, ("Sec-CH-UA-Platform-Version", new string('1', 4096)));
        headers["Sec-CH-UA-Platform"] = new[] { "\"Android\"", "\"Linux\"" };

        Assert.Equal("Windows", _agents.Read(headers).SystemName);
    }

    [Fact]
    public void For_a_link_that_asks_a_seen_agent_is_read_at_once_and_without_allocating()
    {
        using var places = new GeoDatabase([], TimeProvider.System, NullLogger<GeoDatabase>.Instance);
        var settings = SignpostSettings.Read(new ConfigurationBuilder().Build());
        var visits = new VisitReader(_agents, new PlaceFinder(places, settings), TimeProvider.System);
        var plan = new LinkPlan
        {
            LinkId = 1,
            Version = 1,
            Location = "https://example.org/",
            Status = 302,
            Rules = TargetingTable.Compile(
                TargetingKind.OsName,
                new TargetingRule("Windows", "https://example.org/match")
            ),
        };
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Headers.UserAgent = Chrome;

        Assert.False(visits.TryRead(http, plan, out _));
        _agents.Read(http.Request.Headers);
        Assert.True(visits.TryRead(http, plan, out var visit));
        Assert.Equal("Windows", visit.Agent?.SystemName);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            visits.TryRead(http, plan, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_flood_of_agents_read_in_full_does_not_make_memory_grow()
    {
        Flood("warm", 20_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        Flood("flood", 40_000);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 * 1024 * 1024);
    }

    private void Flood(string name, int agents)
    {
        for (var i = 0; i < agents; i++)
            _agents.Read(Headers($"{Chrome} {name}/{i}", ("Sec-CH-UA-Platform", $"\"{name} {i}\"")));
    }

    private static HeaderDictionary Headers(string agent, params (string Name, string Value)[] hints)
    {
        var headers = new HeaderDictionary { ["User-Agent"] = agent };
        foreach (var (name, value) in hints)
            headers[name] = value;
        return headers;
    }
}

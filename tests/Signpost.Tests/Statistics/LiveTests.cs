using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Statistics.Live;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Statistics;

/// <summary>Clicks as they happen.</summary>
public sealed class LiveTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact]
    public async Task A_click_appears_with_an_id_and_without_who_it_was()
    {
        var link = await LinkAsync();
        await using var stream = await FollowAsync($"?link_id={link.Id}");

        await VisitFromAsync(link.Alias, "FR", "192.0.2.99");
        var (id, click) = await stream.NextAsync();

        Assert.Equal("text/event-stream; charset=utf-8", stream.ContentType);
        Assert.True(id > 0);
        Assert.Equal(link.Id, click["link_id"]!.GetValue<long>());
        Assert.Equal("FR", click["country_code"]!.GetValue<string>());
        Assert.Equal("person", click["kind"]!.GetValue<string>());
        Assert.False(click.AsObject().ContainsKey("id"));
        Assert.DoesNotContain("192.0.2.99", click.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_back_with_the_last_id_goes_on_behind_it()
    {
        var link = await LinkAsync();
        long first;
        await using (var stream = await FollowAsync($"?link_id={link.Id}"))
        {
            await VisitAsync($"{link.Alias}?utm_source=1");
            (first, _) = await stream.NextAsync();
        }

        await VisitAsync($"{link.Alias}?utm_source=2");
        await VisitAsync($"{link.Alias}?utm_source=3");
        await CountedAsync(link.Id, 3);
        await using var again = await FollowAsync($"?link_id={link.Id}", lastId: $"{first}");
        var (second, one) = await again.NextAsync();
        var (_, two) = await again.NextAsync();

        Assert.True(second > first);
        Assert.Equal("2", one["utm_source"]!.GetValue<string>());
        Assert.Equal("3", two["utm_source"]!.GetValue<string>());
    }

    [Fact]
    public async Task Clicks_that_are_erased_leave_the_memory_of_events()
    {
        var link = await LinkAsync();
        await using var stream = await FollowAsync($"?link_id={link.Id}");
        await VisitAsync(link.Alias);
        await stream.NextAsync();
        var events = Server.Services.GetRequiredService<LiveEvents>();
        var before = events.Kept;

        await SendAsync(HttpMethod.Delete, $"/api/links/{link.Id}?permanent=1");

        await Patience.UntilAsync(() => Task.FromResult(events.Kept < before), "The erasure");
    }

    [Fact]
    public async Task Only_one_s_own_clicks_are_told_and_of_those_what_was_asked_for()
    {
        using var stranger = await StrangerAsync();
        var project = (await PostAsync("/api/projects", ("name", "Live"))).Json["data"]!["id"]!.GetValue<long>();
        var (inside, outside) = (await LinkAsync(("project_id", $"{project}")), await LinkAsync());
        var foreign = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Form(("location_url", "https://example.org/")),
            stranger
        );
        await using var all = await FollowAsync("");
        await using var ofProject = await FollowAsync($"?project_id={project}");
        await using var theirs = await FollowAsync("?domain_id=0", stranger);

        await VisitAsync(foreign.Json["data"]!["url"]!.GetValue<string>());
        await VisitAsync(outside.Alias);
        await VisitAsync(inside.Alias);

        Assert.Equal(foreign.Json["data"]!["id"]!.GetValue<long>(), await theirs.NextLinkAsync());
        Assert.Equal(inside.Id, await ofProject.NextLinkAsync());
        // Other tests click beside this one, but on links of the same account only.
        long seen;
        do
        {
            seen = await all.NextLinkAsync();
            Assert.NotEqual(foreign.Json["data"]!["id"]!.GetValue<long>(), seen);
        } while (seen != inside.Id);
    }

    [Fact]
    public async Task A_key_has_ten_streams_and_each_that_ends_makes_room()
    {
        var key = (await PostAsync("/api/api-keys", ("name", "Many"))).Json["data"]!["key"]!.GetValue<string>();
        using var http = Server.NewClient(key);
        List<Stream> open = [];
        for (var stream = 0; stream < 10; stream++)
            open.Add(await FollowAsync("", http));

        var refused = await SendAsync(HttpMethod.Get, "/api/statistics/live", http: http);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("60", refused.Headers["Retry-After"]);
        await open[0].DisposeAsync();
        await Patience.UntilAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/statistics/live");
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
                return response.StatusCode is HttpStatusCode.OK;
            },
            "Room for another stream"
        );

        foreach (var stream in open)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_ends_within_moments_of_its_key_and_beats_until_then()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        using var made = await server.Http.PostAsync("/api/api-keys", Bodies.Form(("name", "Short")), Cancel);
        var data = JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancel))!["data"]!;
        using var http = server.NewClient(data["key"]!.GetValue<string>());
        await using var stream = await Stream.OpenAsync(http, "", null, Cancel);

        var beat = stream.LineAsync();
        await clock.UntilAsync(() => beat.IsCompleted, TimeSpan.FromSeconds(1));

        Assert.Equal(":", await beat);
        using var gone = await server.Http.DeleteAsync($"/api/api-keys/{data["id"]}", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        var end = stream.EndAsync();
        await clock.UntilAsync(() => end.IsCompleted, TimeSpan.FromSeconds(1));

        await end;
    }

    [Fact]
    public async Task A_key_that_is_gone_is_told_of_no_click_while_it_waits_for_the_next_beat()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        var link = await server.CreateLinkAsync();
        using var made = await server.Http.PostAsync("/api/api-keys", Bodies.Form(("name", "Short")), Cancel);
        var data = JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancel))!["data"]!;
        using var http = server.NewClient(data["key"]!.GetValue<string>());
        await using var stream = await Stream.OpenAsync(http, "", null, Cancel);
        using var gone = await server.Http.DeleteAsync($"/api/api-keys/{data["id"]}", Cancel);

        clock.Advance(TimeSpan.FromSeconds(2));
        using var visit = await server.FollowAsync(link.Alias);
        var rest = stream.RestAsync();
        await clock.UntilAsync(() => rest.IsCompleted, TimeSpan.FromMilliseconds(10));

        Assert.DoesNotContain("data:", await rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams_and_waits_for_none()
    {
        var server = await TestServer.StartAsync();
        await using var stream = await Stream.OpenAsync(server.Http, "", null, Cancel);
        var end = stream.EndAsync();

        await server.DisposeAsync();

        await end;
    }

    private async Task<Stream> FollowAsync(string query, HttpClient? http = null, string? lastId = null) =>
        await Stream.OpenAsync(http ?? Server.Http, query, lastId, Cancel);

    /// <summary>A client of the stream. The stream has begun when the client is made.</summary>
    internal sealed class Stream(HttpResponseMessage response, StreamReader reader, CancellationToken cancel)
        : IAsyncDisposable
    {
        public string? ContentType => response.Content.Headers.ContentType?.ToString();

        public static async Task<Stream> OpenAsync(
            HttpClient http,
            string query,
            string? lastId,
            CancellationToken cancel
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/statistics/live{query}");
            if (lastId is not null)
                request.Headers.Add("Last-Event-ID", lastId);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var stream = new Stream(response, new(await response.Content.ReadAsStreamAsync(cancel)), cancel);
            Assert.Equal("retry: 2000", await stream.LineAsync());
            return stream;
        }

        public async Task<(long Id, JsonNode Click)> NextAsync()
        {
            var id = 0L;
            while (true)
            {
                var line = await LineAsync();
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = long.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture);
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    return (id, JsonNode.Parse(line[6..])!);
            }
        }

        public async Task<long> NextLinkAsync() => (await NextAsync()).Click["link_id"]!.GetValue<long>();

        /// <summary>The next line that is not empty.</summary>
        public Task<string> LineAsync() => ReadLineAsync().OrFail("A line of the stream");

        public Task<string> RestAsync() => reader.ReadToEndAsync(cancel).OrFail("The end of the stream");

        /// <summary>Waits for any end of the stream.</summary>
        public Task EndAsync() => ReadToEndAsync().OrFail("The end of the stream");

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<string> ReadLineAsync()
        {
            while (true)
                if (await reader.ReadLineAsync(cancel) is not "" and var line)
                    return line ?? throw new EndOfStreamException();
        }

        private async Task ReadToEndAsync()
        {
            try
            {
                while (await reader.ReadLineAsync(cancel) is not null) { }
            }
            catch (IOException) { }
        }
    }
}

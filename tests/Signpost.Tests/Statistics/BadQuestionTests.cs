using System.Net;
using Signpost.Statistics.Questions;
using Signpost.Tests.Links;

namespace Signpost.Tests.Statistics;

/// <summary>Invalid questions: each error names the problem.</summary>
public sealed class BadQuestionTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Theory]
    [InlineData("type=city", "type")]
    [InlineData("type=Overview", "type")]
    [InlineData("type=hour&type=hour", "type")]
    [InlineData("start_date=2026-02-30", "start_date")]
    [InlineData("start_date=2026-1-1", "start_date")]
    [InlineData("start_date=2026-01-01 25:00:00", "start_date")]
    [InlineData("start_date=2026-01-01x", "start_date")]
    [InlineData("start_date=1969-12-31", "start_date")]
    [InlineData("end_date=9999-12-31", "end_date")]
    [InlineData("end_date=tomorrow", "end_date")]
    [InlineData("start_date=2026-02-02&end_date=2026-02-01", "start_date")]
    [InlineData("start_date=2000-01-01&end_date=2020-01-01", "start_date")]
    [InlineData("start_date=9000-01-01", "start_date")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("compare=next", "compare")]
    [InlineData("country_code=France", "country_code")]
    [InlineData("country_code=F1", "country_code")]
    [InlineData("country_code=FR&country_code=Germany", "country_code")]
    [InlineData("country_code[x]=FR", "country_code[x]")]
    [InlineData("not_country_code=France", "not_country_code")]
    [InlineData("not_device_type[]=a phone", "not_device_type[]")]
    [InlineData("continent_code=Europe", "continent_code")]
    [InlineData("device_type=a phone", "device_type")]
    [InlineData("kind=person,robot", "kind")]
    [InlineData("trigger=<qr>", "trigger")]
    [InlineData("utm_source=a%00b", "utm_source")]
    [InlineData("utm_source=%ff", "utm_source")]
    [InlineData("referrer_host=a%0d%0ab", "referrer_host")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        var link = await LinkAsync();

        var ofLink = await GetAsync($"/api/statistics/{link.Id}?{query}");
        var ofAll = await GetAsync($"/api/statistics?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, ofLink.Status);
        Assert.Equal([field], ofLink.WrongFields);
        Assert.Equal(ofLink.Body, ofAll.Body);
    }

    [Theory]
    [InlineData("/api/statistics?project_id=0", "project_id")]
    [InlineData("/api/statistics?project_id=x", "project_id")]
    [InlineData("/api/statistics?domain_id=-1", "domain_id")]
    [InlineData("/api/statistics?project_id=1&domain_id=0", "domain_id")]
    [InlineData("/api/statistics/live?link_id=0", "link_id")]
    [InlineData("/api/statistics/live?link_id=1&domain_id=0", "link_id")]
    [InlineData("/api/statistics/orphans?limit=0", "limit")]
    [InlineData("/api/statistics/{id}/clicks?cursor=0", "cursor")]
    [InlineData("/api/statistics/{id}/clicks?cursor=abc", "cursor")]
    [InlineData("/api/statistics/{id}/clicks?end_date=x", "end_date")]
    [InlineData("/api/statistics/{id}/export?format=xlsx", "format")]
    [InlineData("/api/statistics/{id}/export?device_type=x", "device_type")]
    public async Task So_it_is_elsewhere(string path, string field)
    {
        var link = await LinkAsync();

        var reply = await GetAsync(path.Replace("{id}", $"{link.Id}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([field], reply.WrongFields);
    }

    [Fact]
    public async Task All_that_is_wrong_is_named_at_once()
    {
        var reply = await GetAsync("/api/statistics?type=x&start_date=x&country_code=x&limit=x");

        Assert.Equal(["type", "limit", "start_date", "country_code"], reply.WrongFields);
    }

    [Fact]
    public async Task A_filter_takes_a_hundred_values()
    {
        var many = string.Join('&', Enumerable.Range(0, 100).Select(number => $"not_utm_source=s{number}"));

        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/api/statistics?{many}")).Status);
        var reply = await GetAsync($"/api/statistics?{many}&not_utm_source=t");
        Assert.Equal((HttpStatusCode.BadRequest, "not_utm_source"), (reply.Status, Assert.Single(reply.WrongFields)));
    }

    [Theory]
    [InlineData("country_code=ZZ", "country_code must be a country code")]
    [InlineData("continent_code=xx", "continent_code must be one of AF")]
    [InlineData("device_type=phone", "device_type must be one of desktop")]
    [InlineData("kind=human", "kind must be one of")]
    [InlineData("kind=null", "kind must be one of")]
    [InlineData("trigger=null", "trigger must be one of")]
    [InlineData("kind=person&trigger=nfc", "trigger must be one of")]
    public async Task A_value_that_no_click_has_matches_nothing_with_a_warning(string filter, string warning)
    {
        var link = await LinkAsync();
        await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 1);
        var name = filter.Split('&')[^1].Split('=')[0];

        foreach (var path in (string[])[$"/{link.Id}?", "?", $"/{link.Id}/clicks?"])
        foreach (var type in path.EndsWith("clicks?", StringComparison.Ordinal) ? [""] : StatisticsType.Names.ToArray())
        {
            var query = type is "" ? filter : $"type={type}&{filter}";
            var reply = await GetAsync($"/api/statistics{path}{query}");

            Assert.Equal(HttpStatusCode.OK, reply.Status);
            var rows = reply.Json["data"]!.AsArray();
            Assert.True(type is "overview" || rows.Count == 0, query);
            Assert.All(rows, row => Assert.Equal(0, row!["pageviews"]!.GetValue<int>()));
            var told = Assert.Single(reply.Json["meta"]!["warnings"]!.AsArray())!;
            Assert.Equal(name, told["field"]!.GetValue<string>());
            Assert.StartsWith(warning, told["title"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("start_date=&end_date=&type=&limit=&compare=&country_code=")]
    public async Task Empty_parameters_are_ignored(string query)
    {
        var link = await LinkAsync();

        var plain = (await GetAsync($"/api/statistics/{link.Id}/")).Json;
        var asked = (await GetAsync($"/api/statistics/{link.Id}?{query}")).Json;

        // The second request may come a second later.
        Assert.True(plain["meta"]!.AsObject().Remove("as_of") && asked["meta"]!.AsObject().Remove("as_of"));
        Assert.Equal(plain.ToJsonString(), asked.ToJsonString());
    }

    [Theory]
    [InlineData("/api/statistics?")]
    [InlineData("/api/statistics?compare=previous&")]
    [InlineData("/api/statistics/{id}?type=kind&")]
    [InlineData("/api/statistics/{id}/clicks?")]
    [InlineData("/api/statistics/orphans?")]
    public async Task An_unknown_parameter_is_a_warning(string path)
    {
        var link = await LinkAsync();

        var reply = await GetAsync($"{path.Replace("{id}", $"{link.Id}", StringComparison.Ordinal)}contry_code=FR");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.StartsWith(
            "Unknown field contry_code.",
            reply.Json["meta"]!["warnings"]![0]!["title"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("2026-01-02 00:00:00")]
    [InlineData("2026-01-02 23:59")]
    [InlineData("2026-01-02T23:59")]
    [InlineData("2026-01-02T23:59:59")]
    [InlineData("2026-01-02T23:59:59.999Z")]
    [InlineData("2026-01-02T23:59:59-11:00")]
    [InlineData("2026-01-02T00:00:00%2B14:00")]
    public async Task The_day_of_a_date_with_a_time_counts(string date)
    {
        var link = await LinkAsync();
        foreach (var path in (string[])["", $"/{link.Id}", $"/{link.Id}/clicks", $"/{link.Id}/export", "/orphans"])
        {
            var day = await GetAsync($"/api/statistics{path}?start_date=2026-01-02&end_date=2026-01-02");
            var time = await GetAsync($"/api/statistics{path}?start_date={date}&end_date={date}");

            Assert.Equal((HttpStatusCode.OK, Rows(day)), (time.Status, Rows(time)));
        }

        static string Rows(Reply reply) => reply.Body.StartsWith('{') ? reply.Json["data"]!.ToJsonString() : reply.Body;
    }

    [Theory]
    [InlineData("start_date=2999-01-01&end_date=2999-01-31")]
    [InlineData("end_date=9998-12-31")]
    public async Task The_future_has_no_rows(string query)
    {
        var link = await LinkAsync();

        Assert.Empty(await RowsAsync($"/{link.Id}?{query}"));
        Assert.Empty(await RowsAsync($"/{link.Id}?{query}&type=country_code"));
    }

    [Theory]
    [InlineData("/api/statistics/{id}")]
    [InlineData("/api/statistics/{id}/clicks")]
    [InlineData("/api/statistics/{id}/export")]
    [InlineData("/api/statistics/live?link_id={id}")]
    public async Task A_foreign_link_is_as_a_missing_one(string path)
    {
        var link = await LinkAsync();
        using var stranger = await StrangerAsync();

        var foreign = await SendAsync(HttpMethod.Get, Fill(link.Id), http: stranger);
        var missing = await SendAsync(HttpMethod.Get, Fill(987654321), http: stranger);

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(missing.Body, foreign.Body);

        string Fill(long id) => path.Replace("{id}", $"{id}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/statistics?project_id=", "/api/projects", "name")]
    [InlineData("/api/statistics?domain_id=", "/api/domains", "host")]
    [InlineData("/api/statistics/live?project_id=", "/api/projects", "name")]
    [InlineData("/api/statistics/orphans?domain_id=", "/api/domains", "host")]
    public async Task So_is_a_foreign_project_or_domain(string path, string resource, string field)
    {
        var made = await PostAsync(resource, (field, $"p{Guid.NewGuid():N}.example.org"));
        var id = made.Json["data"]!["id"]!.GetValue<long>();
        using var stranger = await StrangerAsync();

        var foreign = await SendAsync(HttpMethod.Get, $"{path}{id}", http: stranger);
        var missing = await SendAsync(HttpMethod.Get, $"{path}987654321", http: stranger);

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(missing.Body, foreign.Body);
    }

    [Fact]
    public async Task A_key_without_the_scope_for_statistics_sees_none()
    {
        var made = await PostAsync("/api/api-keys", ("name", "Links only"), ("scopes", "links:read"));
        using var http = Server.NewClient(made.Json["data"]!["key"]!.GetValue<string>());

        foreach (var path in (string[])["", "/1", "/1/clicks", "/1/export", "/1/clicks/export", "/live", "/orphans"])
        {
            var reply = await SendAsync(HttpMethod.Get, $"/api/statistics{path}", http: http);
            Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
        }
    }
}

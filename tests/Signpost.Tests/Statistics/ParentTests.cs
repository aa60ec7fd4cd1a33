using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>Equal values with different parents, as Paris in France and Paris in Texas, are different rows.</summary>
public sealed class ParentTests(VisitedServer shared) : StatisticsTests(shared)
{
    private static readonly SemaphoreSlim Once = new(1);
    private static (MadeLink Link, long Project) _made;

    [Theory]
    [InlineData("city_name", "FR Paris 2", "US Paris 1")]
    [InlineData("referrer_path", "a.example /news 2", "b.example /news 1")]
    [InlineData("utm_medium", "mail post 2", "web post 1")]
    [InlineData("utm_campaign", "mail post spring 2", "web post spring 1")]
    public async Task Rows_have_their_parents_and_are_told_apart_by_them(string type, params string[] expected)
    {
        var (link, project) = await VisitedAsync();

        foreach (var scope in (string[])[$"/{link.Id}?", $"?project_id={project}&", "?domain_id=0&", "?"])
            Assert.Equal(expected, await TextsAsync($"{scope}type={type}"));
    }

    [Theory]
    [InlineData("city_name=Paris", "FR Paris 2", "US Paris 1")]
    [InlineData("city_name=Paris&country_code=US", "US Paris 1")]
    [InlineData("utm_campaign=spring&utm_source=web", "US Paris 1")]
    [InlineData("referrer_path=/news&referrer_host=a.example", "FR Paris 2")]
    [InlineData("city_name=null")]
    public async Task A_filter_holds_for_a_value_whatever_its_parents_are(string filter, params string[] expected)
    {
        var (link, _) = await VisitedAsync();

        Assert.Equal(expected, await TextsAsync($"/{link.Id}?type=city_name&{filter}"));
    }

    [Fact]
    public async Task The_row_of_all_others_has_no_parents()
    {
        var (link, _) = await VisitedAsync();

        Assert.Equal(
            """{"country_code":null,"city_name":"other","pageviews":1,"visitors":1,"is_other":true}""",
            (await RowsAsync($"/{link.Id}?type=city_name&limit=1"))[1]!.ToJsonString()
        );
    }

    // Fields and pageviews, as in "FR Paris 2".
    private async Task<string[]> TextsAsync(string query) =>
        [
            .. (await RowsAsync(query)).Select(row =>
                string.Join(
                    ' ',
                    row!.AsObject().Where(field => field.Key is not "visitors").Select(field => $"{field.Value}")
                )
            ),
        ];

    private async Task<(MadeLink Link, long Project)> VisitedAsync()
    {
        await Once.WaitAsync(Cancel);
        try
        {
            if (_made.Link is not null)
                return _made;

            var project = await PostAsync("/api/projects", ("name", "Parents"));
            var id = project.Json["data"]!["id"]!.GetValue<long>();
            var link = await LinkAsync(("project_id", $"{id}"));
            await VisitAsync(link.Alias, "FR", "a.example", "mail");
            await VisitAsync(link.Alias, "FR", "a.example", "mail");
            await VisitAsync(link.Alias, "US", "b.example", "web");
            await CountedAsync(link.Id, 3);
            return _made = (link, id);
        }
        finally
        {
            Once.Release();
        }
    }

    private async Task VisitAsync(string alias, string country, string host, string source) =>
        await VisitAsync(
            $"{alias}?utm_source={source}&utm_medium=post&utm_campaign=spring",
            ("CF-IPCountry", country),
            ("CF-IPCity", "Paris"),
            ("X-Forwarded-For", "192.0.2.1"),
            ("Referer", $"https://{host}/news")
        );
}

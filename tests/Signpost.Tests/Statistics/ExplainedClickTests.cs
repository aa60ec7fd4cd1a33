using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>Clicks that happened, explained from the version of their link and from what was kept.</summary>
public sealed class ExplainedClickTests(VisitedServer shared) : StatisticsTests(shared)
{
    private const int Rounds = 60;

    private static readonly string[] Countries = ["FR", "DE", "US", "BR"];
    private static readonly string[] Languages = ["fr-CA", "de", "pt-BR", "en-GB,fr;q=0.5"];

    [Fact]
    public async Task Every_click_names_the_recorded_rule_of_the_recorded_version_while_the_link_is_edited()
    {
        var chance = new Random(20261127);
        var link = await LinkAsync();
        List<(int Version, string Location)> expected = [];
        var version = 1;
        for (var round = 0; round < Rounds; round++)
        {
            if (chance.Next(2) == 0)
            {
                var edited = await PostAsync($"/api/links/{link.Id}", Edit(chance, round));
                Assert.True(edited.Status == HttpStatusCode.OK, edited.Body);
                version = (int)
                    (await GetAsync($"/api/links/{link.Id}/versions?results_per_page=1")).Json["data"]![0]!["version"]!;
            }

            using var response = await Server.FollowAsync(
                link.Alias,
                chance.Next(8) == 0 ? HttpMethod.Head : HttpMethod.Get,
                ("CF-IPCountry", Countries[chance.Next(Countries.Length)]),
                ("Accept-Language", Languages[chance.Next(Languages.Length)]),
                ("User-Agent", chance.Next(6) == 0 ? Robot : Firefox)
            );
            expected.Add((version, response.Headers.Location?.ToString() ?? ""));
        }

        await CountedAsync(link.Id, Rounds);
        HashSet<string?> rules = [];
        for (var at = 0; at < Rounds; at++)
        {
            var reply = await GetAsync($"/api/statistics/{link.Id}/clicks/{at + 1}/explain");
            var (told, click) = (reply.Json["data"]!, reply.Json["data"]!["click"]!);

            Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
            Assert.Equal(expected[at].Version, (int)told["version"]!);
            Assert.Equal((string?)click["variant"], (string?)told["decision"]!["rule"]);
            Assert.Equal((string?)click["destination"], (string?)told["decision"]!["location"]);
            // The link's own parameters are set on the address of then.
            Assert.StartsWith((string?)click["destination"] ?? "", expected[at].Location, StringComparison.Ordinal);
            Assert.Equal((string?)click["destination"] is null, expected[at].Location is "");
            // Only the primary tag of one language is kept, so some rules for languages cannot be judged.
            Assert.True((bool?)told["agrees"] ?? told["not_kept"]!.AsArray().Count > 0, reply.Body);
            Assert.Equal(10, told["steps"]!.AsArray().Count);
            var targeting = told["steps"]!.AsArray().Single(step => (string)step!["step"]! is "targeting")!;
            if ((string?)click["variant"] is { } variant)
                Assert.Contains($"rule {variant[^2]} matches", (string)targeting["because"]!, StringComparison.Ordinal);
            rules.Add((string?)click["variant"]);
        }

        foreach (var rule in (string?[])[null, "country_code[0]", "rotation[1]", "browser_language[0]"])
            Assert.Contains(rule is null ? null : $"targeting_{rule}", rules);
    }

    [Fact]
    public async Task A_click_of_a_version_that_is_not_kept_says_so()
    {
        var link = await LinkAsync();
        await VisitAsync(link.Alias, ("CF-IPCountry", "FR"));
        await CountedAsync(link.Id, 1);
        await PostAsync($"/api/links/{link.Id}", ("location_url", "https://example.org/other"));
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                (command.Transaction, command.CommandText) = (
                    transaction,
                    $"DELETE FROM link_versions WHERE link_id = {link.Id} AND version = 1"
                );
                return command.ExecuteNonQuery();
            },
            Cancel
        );

        var told = (await GetAsync($"/api/statistics/{link.Id}/clicks/1/explain")).Json["data"]!;

        Assert.Null(told["version"]);
        Assert.Null(told["agrees"]);
        Assert.Empty(told["steps"]!.AsArray());
        Assert.Equal("https://example.org/", (string?)told["decision"]!["location"]);
        Assert.StartsWith("The version of the link", (string)told["not_kept"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("9223372036854775807")]
    public async Task An_unknown_click_is_not_found(string click)
    {
        var link = await LinkAsync();
        await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 1);

        var reply = await GetAsync($"/api/statistics/{link.Id}/clicks/{click}/explain");

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
    }

    private static (string, string)[] Edit(Random chance, int round) =>
        chance.Next(8) switch
        {
            0 => [("location_url", $"https://example.org/{round}")],
            1 => Rules("country_code", ("FR", $"https://fr.example/{round}"), ("DE", $"https://de.example/{round}")),
            2 => Rules("rotation", ("30", $"https://a.example/{round}"), ("70", $"https://b.example/{round}")),
            3 => Rules("browser_language", ("fr", $"https://l.example/{round}"), ("pt-BR", "https://p.example/")),
            4 => [("is_enabled", $"{chance.Next(4) / 3 ^ 1}")],
            5 => [("password", chance.Next(3) == 0 ? "sesame" : ""), ("is_enabled", "1")],
            6 => [("targeting_type", ""), ("sensitive_content", $"{chance.Next(3) / 2}")],
            _ => [("utm_source", $"mail{round}"), ("is_enabled", "1"), ("password", ""), ("sensitive_content", "0")],
        };

    private static (string, string)[] Rules(string type, params (string Key, string Value)[] rules) =>
        [
            ("targeting_type", type),
            ("is_enabled", "1"),
            ("password", ""),
            ("sensitive_content", "0"),
            .. rules.SelectMany(
                (rule, at) =>
                    new[] { ($"targeting_{type}_key[{at}]", rule.Key), ($"targeting_{type}_value[{at}]", rule.Value) }
            ),
        ];
}

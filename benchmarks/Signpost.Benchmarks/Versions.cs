using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>The versions of a link that was edited a thousand times: their bytes, and how fast they are listed and read.</summary>
internal static class Versions
{
    private const int Count = 1_000;

    public static async Task AskAsync(HttpClient http, Database database, int rounds)
    {
        using var body = Form(("location_url", "https://shop.example.com/spring/sale?id=0"), ("utm_source", "news"));
        using var made = await http.PostAsync("/api/links", body);
        made.EnsureSuccessStatusCode();
        using var link = JsonDocument.Parse(await made.Content.ReadAsByteArrayAsync());
        var id = link.RootElement.GetProperty("data").GetProperty("id").GetInt64();

        var start = Stopwatch.GetTimestamp();
        for (var version = 2; version <= Count; version++)
        {
            using var edit = Edit(version);
            using var edited = await http.PostAsync($"/api/links/{id}", edit);
            edited.EnsureSuccessStatusCode();
        }

        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds / Count;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Count} versions of a link: {milliseconds:F1} ms an edit, {Bytes(database, id)} bytes a version, the largest and the mean"
            )
        );
        var first = await Lists.PrintAsync(http, "one link", [$"/api/links/{id}"], 20 * rounds, null);
        foreach (
            var question in (string[])
                ["versions", $"versions?results_per_page={Count}", $"versions/{Count}", "versions/1"]
        )
            await Lists.PrintAsync(http, question, [$"/api/links/{id}/{question}"], 20 * rounds, first);
    }

    // As people edit: mostly the destination or a campaign, at times a targeting rule.
    private static FormUrlEncodedContent Edit(int version) =>
        (version % 4) switch
        {
            0 => Form(
                ("targeting_type", "country_code"),
                ("targeting_country_code_key[0]", "FR"),
                ("targeting_country_code_value[0]", $"https://shop.example.com/fr/{version}")
            ),
            1 => Form(("utm_campaign", $"spring-{version}")),
            2 => Form(("is_enabled", version % 8 == 2 ? "0" : "1")),
            _ => Form(("location_url", $"https://shop.example.com/spring/sale?id={version}")),
        };

    private static string Bytes(Database database, long id)
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            """
            SELECT max(length(fields) + coalesce(length(before), 0)) || ' and ' || round(avg(length(fields) + coalesce(length(before), 0)))
            FROM link_versions WHERE link_id = @link
            """,
            ("@link", id)
        );
        return (string)command.ExecuteScalar()!;
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}

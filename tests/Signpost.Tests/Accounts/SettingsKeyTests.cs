using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;

namespace Signpost.Tests.Accounts;

/// <summary>The API key of the settings after the first admin has left.</summary>
public sealed class SettingsKeyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_of_the_settings_opens_also_when_the_first_admin_is_disabled()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;
        try
        {
            await using (var server = await TestServer.StartAsync(null, directory))
            {
                var id = await PostAsync(
                    server.Http,
                    "/api/users",
                    ("email", "grace@example.org"),
                    ("password", TestServer.AdminPassword),
                    ("role", "admin")
                );
                using var grace = server.NewClient(
                    (string)(await PostAsync(server.Http, $"/api/users/{id["id"]}/api-keys"))["key"]!
                );
                var first = JsonNode.Parse(await server.Http.GetStringAsync("/api/user", Cancel))!["data"]!["id"];
                await PostAsync(grace, $"/api/users/{first}", ("is_disabled", "1"));
            }

            await using (var server = await TestServer.StartAsync(null, directory))
            {
                using var response = await server.Http.GetAsync("/api/user", Cancel);

                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Contains("grace@", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<JsonNode> PostAsync(
        HttpClient http,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        using var body = new FormUrlEncodedContent(
            fields.Select(field => KeyValuePair.Create(field.Name, field.Value))
        );
        using var response = await http.PostAsync(path, body, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["data"]!;
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Accounts;

/// <summary>Helpers that create people and keys through the API.</summary>
public abstract class PeopleTests(SharedServer shared) : ApiTests(shared)
{
    /// <summary>Creates an account and returns its id and e-mail address. Its password is the admin's.</summary>
    internal async Task<(long Id, string Email)> NewUserAsync(params (string Name, string Value)[] fields)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var made = await PostAsync("/api/users", [("email", email), ("password", TestServer.AdminPassword), .. fields]);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return (made.Json["data"]!["id"]!.GetValue<long>(), email);
    }

    /// <summary>A client with a new key for an account.</summary>
    internal async Task<HttpClient> ClientOfAsync(long userId, params (string Name, string Value)[] fields)
    {
        var made = await PostAsync($"/api/users/{userId}/api-keys", fields);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return Server.NewClient(made.Json["data"]!["key"]!.GetValue<string>());
    }

    internal async Task<HttpClient> NewClientAsync(params (string Name, string Value)[] fields) =>
        await ClientOfAsync((await NewUserAsync()).Id, fields);

    internal async Task<JsonNode> ReadUserAsync(long id) => (await GetAsync($"/api/users/{id}")).Json["data"]!;
}

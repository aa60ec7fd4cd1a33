using System.Net;
using System.Text;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Passwords of links: stored as slow hashes, never shown.</summary>
public sealed class PasswordTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task A_password_is_set_kept_changed_and_removed()
    {
        var id = await CreateAsync(("password", "first"));
        var first = Hash(id);

        await PostAsync($"/api/links/{id}", ("password", "********"));
        Assert.Equal(first, Hash(id));
        await PostAsync($"/api/links/{id}", ("utm_source", "x"));
        Assert.Equal(first, Hash(id));
        await PostAsync($"/api/links/{id}", ("password", "null"));
        Assert.Null(Hash(id));
        await PostAsync($"/api/links/{id}", ("password", "another"));
        Assert.NotEqual(first, Hash(id));
        Assert.Equal("********", (await ReadAsync(id))["settings"]!["password"]!.GetValue<string>());
        await PostAsync($"/api/links/{id}", ("password", ""));
        Assert.Null(Hash(id));
        await PostAsync($"/api/links/{id}", ("password", " "));
        Assert.NotNull(Hash(id));
        await SendAsync(HttpMethod.Post, $"/api/links/{id}", Bodies.Json("""{"password":null}"""));
        Assert.Null(Hash(id));
    }

    // It looks into the file.
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_password_is_nowhere_in_clear()
    {
        const string Secret = "hunter2-is-nowhere";
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Form(("location_url", "https://example.org/"), ("password", Secret)),
            null,
            ("Idempotency-Key", "with-password")
        );

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.DoesNotContain(Secret, made.Body + (await GetAsync("/api/links")).Body, StringComparison.Ordinal);
        var isLinkSeen = false;
        foreach (var file in Directory.GetFiles(Server.DataDirectory, "signpost.db*"))
        {
            await using var stream = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, Cancel);
            Assert.Equal(-1, bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)));
            isLinkSeen |= bytes.ToArray().AsSpan().IndexOf("https://example.org/"u8) >= 0;
        }

        // The search finds a text that is in clear.
        Assert.True(isLinkSeen);
    }

    private string? Hash(long id)
    {
        using var db = Server.Database.Read();
        return db.Links.Single(link => link.Id == id).PasswordHash;
    }
}

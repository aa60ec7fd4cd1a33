using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Accounts;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Dashboard;

/// <summary>The set-up page's response to broken forms.</summary>
public sealed class SetUpFormTests : IAsyncLifetime
{
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(
            ("SIGNPOST_ADMIN_EMAIL", ""),
            ("SIGNPOST_ADMIN_PASSWORD", ""),
            ("SIGNPOST_API_KEY", "")
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nx")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "email=x")]
    [InlineData("application/x-www-form-urlencoded", "MANY")]
    public async Task A_broken_form_is_asked_for_again(string type, string text)
    {
        if (text == "MANY")
            text = string.Concat(Enumerable.Range(0, 1100).Select(i => $"a{i}&"));
        using var body = Bodies.Raw(type, Encoding.UTF8.GetBytes(text));

        using var answer = await _server.Anonymous.PostAsync(Path(), body, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("<form", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_attempts_get_a_page_with_the_time_to_wait()
    {
        for (var knock = 0; knock < 10; knock++)
            (await _server.Anonymous.GetAsync("/setup/guess", Cancel)).Dispose();

        using var answer = await _server.Anonymous.GetAsync("/setup/guess", Cancel);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains(
            "too many attempts",
            await answer.Content.ReadAsStringAsync(Cancel),
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Fact]
    public async Task A_page_of_a_server_without_its_database_says_come_again()
    {
        var file = System.IO.Path.Combine(_server.DataDirectory, "signpost.db");
        var aside = file + ".aside";
        File.Move(file, aside);
        SqliteConnection.ClearAllPools();

        using var answer = await _server.Anonymous.GetAsync("/files/any.png", Cancel);

        File.Move(aside, file);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    private string Path() => _server.Services.GetRequiredService<SetUp>().Path!;
}

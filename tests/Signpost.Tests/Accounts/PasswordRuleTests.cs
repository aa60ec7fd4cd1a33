using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Testing;

namespace Signpost.Tests.Accounts;

/// <summary>Passwords that everybody tries first are refused wherever a password is set.</summary>
public sealed class PasswordRuleTests(SharedServer shared) : PeopleTests(shared)
{
    [Theory]
    [InlineData("password")]
    [InlineData("PassWord")]
    [InlineData("12345678")]
    [InlineData("iloveyou")]
    [InlineData("password123")]
    [InlineData("        ")]
    [InlineData("\u00a0\u2003      ")]
    public async Task A_password_that_everybody_tries_first_is_refused(string password)
    {
        var (id, _) = await NewUserAsync();

        var made = await PostAsync("/api/users", ("email", $"{Guid.NewGuid():N}@example.org"), ("password", password));
        var changed = await PostAsync($"/api/users/{id}", ("password", password));

        Assert.All([made, changed], one => Assert.Equal(HttpStatusCode.BadRequest, one.Status));
        Assert.All([made, changed], one => Assert.Equal(["password"], one.WrongFields));
    }

    [Fact]
    public async Task The_own_e_mail_address_is_no_password()
    {
        var (id, email) = await NewUserAsync();
        var other = $"{Guid.NewGuid():N}@example.org";

        var made = await PostAsync("/api/users", ("email", other), ("password", other.ToUpperInvariant()));
        var changed = await PostAsync($"/api/users/{id}", ("password", email.ToUpperInvariant()));
        var both = await PostAsync($"/api/users/{id}", ("email", other), ("password", other));
        var former = await PostAsync($"/api/users/{id}", ("email", other), ("password", email));

        Assert.All([made, changed, both], one => Assert.Equal(HttpStatusCode.BadRequest, one.Status));
        Assert.All([made, changed, both], one => Assert.Equal(["password"], one.WrongFields));
        Assert.Equal(HttpStatusCode.OK, former.Status);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("ADA@example.org")]
    public async Task The_first_admin_does_not_get_such_a_password_either(string password)
    {
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_ADMIN_EMAIL", ""),
            ("SIGNPOST_ADMIN_PASSWORD", ""),
            ("SIGNPOST_API_KEY", "")
        );
        var path = server.Services.GetRequiredService<Signpost.Accounts.SetUp>().Path!;

        using var form = new FormUrlEncodedContent([new("email", "ada@example.org"), new("password", password)]);
        using var reply = await server.Anonymous.PostAsync(path, form, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(
            "id=\"password-wrong\"",
            await reply.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("passwords are dull")]
    [InlineData("12345678 sheep")]
    [InlineData("        x")]
    public async Task Any_other_password_is_taken(string password)
    {
        var made = await PostAsync("/api/users", ("email", $"{Guid.NewGuid():N}@example.org"), ("password", password));

        Assert.Equal(HttpStatusCode.Created, made.Status);
    }

    [Fact]
    public async Task A_password_has_8_to_1024_bytes_and_counts_as_it_was_sent()
    {
        var longest = string.Concat(Enumerable.Repeat("long and ü ", 85));
        longest += new string('x', 1024 - System.Text.Encoding.UTF8.GetByteCount(longest));
        foreach (
            var (password, status) in new[]
            {
                ("7 signs", HttpStatusCode.BadRequest),
                ("8 sheeps", HttpStatusCode.Created),
                (longest, HttpStatusCode.Created),
                (longest + "x", HttpStatusCode.BadRequest),
                (" Blanks around ", HttpStatusCode.Created),
            }
        )
        {
            var email = $"{Guid.NewGuid():N}@example.org";
            var made = await PostAsync("/api/users", ("email", email), ("password", password));
            Assert.Equal(status, made.Status);
            if (status is HttpStatusCode.Created)
                Assert.Equal(HttpStatusCode.SeeOther, await SignInAsync(email, password));
            if (password.Trim() != password)
                Assert.Equal(HttpStatusCode.BadRequest, await SignInAsync(email, password.Trim()));
        }
    }

    private async Task<HttpStatusCode> SignInAsync(string email, string password)
    {
        using var person = new Person(Server);
        return (await person.SignInAsync(email, password, Cancel)).Status;
    }
}

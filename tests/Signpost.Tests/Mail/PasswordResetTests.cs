using System.Net;
using Signpost.Storage;
using Signpost.Testing;
using Person = Signpost.Testing.Person;

namespace Signpost.Tests.Mail;

/// <summary>A new password for people who forgot theirs: by mail, or with an address that an admin hands over.</summary>
public sealed class PasswordResetTests(MailingServer shared) : MailTests(shared)
{
    private const string NewPassword = "a whole new password";

    [Fact]
    public async Task By_mail_somebody_sets_a_new_password_once()
    {
        var (id, email) = await NewUserAsync(("language", "de"));
        using var key = await KeyOfAsync(id);
        using var grace = new Person(Server);
        await grace.SignInAsync(email, TestServer.AdminPassword, Cancel);
        using var phone = new Person(Server);

        var sent = await phone.SubmitAsync(
            "/login/forgot",
            "/login/forgot",
            Cancel,
            ("email", email.ToUpperInvariant())
        );
        var mail = (await TakeAsync(email))[email];
        Assert.Contains("Look into your mailbox", sent.Body, StringComparison.Ordinal);
        Assert.Equal("Neues Passwort für 127.0.0.1", mail.Message.Subject);
        // Programs that check mails open addresses.
        for (var look = 0; look < 2; look++)
            Assert.Contains(email, (await phone.GetAsync(mail.Path, Cancel)).Body, StringComparison.Ordinal);
        var easy = await phone.SendAsync(mail.Path, mail.Path, Cancel, ("password", "password"));
        Assert.True(await grace.IsSignedInAsync(Cancel));
        var set = await phone.SubmitAsync(mail.Path, mail.Path, Cancel, ("password", NewPassword));

        Assert.Equal(HttpStatusCode.BadRequest, easy.Status);
        Assert.Contains("too easy to guess", easy.Body, StringComparison.Ordinal);
        Assert.Contains("The password is changed.", set.Body, StringComparison.Ordinal);
        Assert.False(await grace.IsSignedInAsync(Cancel));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await grace.SignInAsync(email, TestServer.AdminPassword, Cancel)).Status
        );
        Assert.Equal(HttpStatusCode.SeeOther, (await grace.SignInAsync(email, NewPassword, Cancel)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await phone.GetAsync(mail.Path, Cancel)).Status);
        var token = (await phone.GetAsync("/login", Cancel)).Token;
        var twice = await phone.PostAsync(mail.Path, Cancel, ("form_token", token), ("password", "yet another one"));
        Assert.Equal(HttpStatusCode.Gone, twice.Status);
        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/api/user", Cancel)).StatusCode);
        Assert.Equal(
            ["signed_in", "password_reset", "password_reset_asked"],
            (await EventsOfAsync(id)).Where(one => one is not ("sign_in_failed" or "key_first_used")).Take(3)
        );
    }

    [Fact]
    public async Task Keys_are_revoked_if_that_is_ticked_and_the_second_factor_stays()
    {
        var (id, email) = await NewUserAsync();
        using var key = await KeyOfAsync(id);
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "UPDATE people SET two_factor_enabled = TRUE WHERE account_id = @id",
                    ("@id", id)
                ),
            Cancel
        );
        using var grace = new Person(Server);
        var path = await ForgetAsync(grace, email);

        await grace.SendAsync(path, path, Cancel, ("password", NewPassword), ("revoke_keys", "1"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await key.GetAsync("/api/user", Cancel)).StatusCode);
        var step = await grace.SignInAsync(email, NewPassword, Cancel);
        Assert.StartsWith("/login/code", step.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_address_a_disabled_one_and_a_known_one_get_the_same_response()
    {
        var (_, known) = await NewUserAsync();
        var (_, disabled) = await NewUserAsync(("is_disabled", "1"));
        // They sign in through a provider only: a mail must not give them a password.
        var (id, passwordless) = await NewUserAsync();
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "UPDATE people SET password_hash = NULL WHERE account_id = @id",
                    ("@id", id)
                ),
            Cancel
        );
        using var person = new Person(Server);
        List<(HttpStatusCode, string?, string, string)> seen = [];

        foreach (var email in (string[])["nobody@example.org", disabled, passwordless, known])
            for (var asked = 0; asked < 4; asked++)
            {
                var sent = await person.SendAsync("/login/forgot", "/login/forgot", Cancel, ("email", email));
                seen.Add((sent.Status, sent.Location, sent.Body, string.Join('\n', sent.Cookies)));
            }

        // The requests are handled one after the other, so those of the others are handled, too.
        Assert.Equal([known], (await Box.TakeAsync(Before + 3)).To);
        Assert.Equal(seen[..4], seen[4..8]);
        Assert.Equal(seen[..4], seen[8..12]);
        Assert.Equal(seen[..4], seen[12..]);
        Assert.Equal("/login/forgot?sent=1", seen[2].Item2);
        Assert.Equal(HttpStatusCode.TooManyRequests, seen[3].Item1);
        Assert.All(Box.Mails.Skip(Before), mail => Assert.Equal([known], mail.To));
    }

    [Fact]
    public async Task One_network_asks_twenty_times_an_hour()
    {
        using var person = new Person(Server);
        var token = (await person.GetAsync("/login/forgot", Cancel)).Token;
        List<HttpStatusCode> seen = [];

        for (var i = 0; i <= 20; i++)
            seen.Add(
                (
                    await person.PostAsync(
                        "/login/forgot",
                        Cancel,
                        ("form_token", token),
                        ("email", $"nobody{i}@example.org")
                    )
                ).Status
            );

        Assert.All(seen[..20], status => Assert.Equal(HttpStatusCode.SeeOther, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, seen[20]);
        Assert.Equal(Before, Box.Mails.Count);
    }

    [Fact]
    public async Task An_address_ends_after_an_hour_and_with_the_password()
    {
        var (id, email) = await NewUserAsync();
        using var grace = new Person(Server);
        var late = await ForgetAsync(grace, email);
        Clock.Advance(TimeSpan.FromMinutes(59));
        var before = await grace.GetAsync(late, Cancel);
        Clock.Advance(TimeSpan.FromMinutes(1));
        var after = await grace.GetAsync(late, Cancel);

        await grace.SendAsync("/login/forgot", "/login/forgot", Cancel, ("email", email));
        var stale = (await Box.TakeAsync(Before + 2)).Path;
        var still = await grace.GetAsync(stale, Cancel);
        await PostAsync($"/api/users/{id}", ("password", "another one by an admin"));
        var ended = await grace.GetAsync(stale, Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (before.Status, after.Status));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (still.Status, ended.Status));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@b\r\nBcc: eve@evil.example")]
    public async Task An_address_that_is_none_is_told(string email)
    {
        using var person = new Person(Server);

        var sent = await person.SendAsync("/login/forgot", "/login/forgot", Cancel, ("email", email));

        Assert.Equal(HttpStatusCode.BadRequest, sent.Status);
        Assert.Contains("This is not an e-mail address.", sent.Body, StringComparison.Ordinal);
        Assert.Equal(Before, Box.Mails.Count);
    }

    [Fact]
    public async Task Pages_with_a_secret_in_their_address_tell_it_to_nobody()
    {
        var (id, _) = await NewUserAsync();
        var made = await PostAsync($"/api/users/{id}/password-reset");
        var path = new Uri(made.GetProperty("data").GetProperty("url").GetString()!).AbsolutePath;

        using var page = await Server.Anonymous.GetAsync(path, Cancel);
        using var gone = await Server.Anonymous.GetAsync("/login/confirm/x", Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (page.StatusCode, gone.StatusCode));
        foreach (var one in (HttpResponseMessage[])[page, gone])
        {
            Assert.Equal(["no-referrer"], one.Headers.GetValues("Referrer-Policy"));
            Assert.Equal(["noindex"], one.Headers.GetValues("X-Robots-Tag"));
            Assert.True(one.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task An_admin_hands_an_address_over_without_mail()
    {
        await using var server = await TestServer.StartAsync();
        using var grace = new Person(server);
        using var form = new FormUrlEncodedContent([
            new("email", "grace@example.org"),
            new("password", TestServer.AdminPassword),
        ]);
        (await server.Http.PostAsync("/api/users", form, Cancel)).EnsureSuccessStatusCode();

        using var made = await server.Http.PostAsync("/api/users/2/password-reset", null, Cancel);
        var answer = System.Text.Json.JsonDocument.Parse(await made.Content.ReadAsStringAsync(Cancel)).RootElement;
        var url = answer.GetProperty("data").GetProperty("url").GetString()!;
        await grace.SendAsync(url, url, Cancel, ("password", NewPassword));

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.StartsWith(server.Url, url, StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.SeeOther,
            (await grace.SignInAsync("grace@example.org", NewPassword, Cancel)).Status
        );
    }

    [Fact]
    public async Task An_admin_s_address_works_for_a_day_and_ends_the_earlier_one()
    {
        var (id, _) = await NewUserAsync();
        var first = await HandOverAsync(id);
        var second = await HandOverAsync(id);
        using var grace = new Person(Server);
        List<HttpStatusCode> seen = [];

        seen.Add((await grace.GetAsync(first, Cancel)).Status);
        Clock.Advance(TimeSpan.FromHours(23.9));
        seen.Add((await grace.GetAsync(second, Cancel)).Status);
        Clock.Advance(TimeSpan.FromHours(0.1));
        seen.Add((await grace.GetAsync(second, Cancel)).Status);

        Assert.Equal([HttpStatusCode.Gone, HttpStatusCode.OK, HttpStatusCode.Gone], seen);
        Assert.Equal(["password_reset_made", "password_reset_made"], (await EventsOfAsync(id)).Take(2));
    }

    [Fact]
    public async Task No_key_makes_an_address_for_its_own_account_and_none_is_made_for_a_disabled_or_missing_one()
    {
        var (id, _) = await NewUserAsync(("is_disabled", "1"));

        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfAsync("/api/users/1/password-reset"));
        // Nor does it send the next mail elsewhere.
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfAsync("/api/users/1", ("email", "eve@example.org")));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfAsync($"/api/users/{id}/password-reset"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync("/api/users/987654321/password-reset"));
    }

    [Fact]
    public async Task The_same_request_again_does_not_get_the_address_again()
    {
        var (id, _) = await NewUserAsync();
        List<string> seen = [];

        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/users/{id}/password-reset");
            request.Headers.Add("Idempotency-Key", $"reset-{id}");
            using var response = await Server.Http.SendAsync(request, Cancel);
            seen.Add($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Cancel)}");
        }

        Assert.StartsWith("201 ", seen[0], StringComparison.Ordinal);
        Assert.StartsWith("409 ", seen[1], StringComparison.Ordinal);
        Assert.DoesNotContain("/login/reset/", seen[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_left_of_an_erased_person()
    {
        var (id, email) = await NewUserAsync();
        await HandOverAsync(id);
        var hold = new TaskCompletionSource<SmtpServer.Protocol.SmtpResponse>();
        Box.Reply = _ => hold.Task;
        using var person = new Person(Server);
        await ForgetAsync(person, email);
        var held = await RowsOfAsync(id);

        using var deleted = await Server.Http.DeleteAsync($"/api/users/{id}", Cancel);
        var left = await RowsOfAsync(id);
        hold.SetResult(SmtpServer.Protocol.SmtpResponse.Ok);
        Box.Reply = _ => Task.FromResult(SmtpServer.Protocol.SmtpResponse.Ok);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal((3, 0), (held, left));
    }

    private async Task<string> ForgetAsync(Person person, string email)
    {
        await person.SendAsync("/login/forgot", "/login/forgot", Cancel, ("email", email));
        return (await Box.TakeAsync(Before + 1)).Path;
    }

    private async Task<string> HandOverAsync(long id)
    {
        var made = await PostAsync($"/api/users/{id}/password-reset");
        return new Uri(made.GetProperty("data").GetProperty("url").GetString()!).AbsolutePath;
    }

    private async Task<HttpClient> KeyOfAsync(long id)
    {
        var made = await PostAsync($"/api/users/{id}/api-keys");
        return Server.NewClient(made.GetProperty("data").GetProperty("key").GetString());
    }

    private async Task<long> RowsOfAsync(long id)
    {
        await using var connection = Server.Database.OpenRead();
        await using var command = connection.Command(
            null,
            """
            SELECT (SELECT count(*) FROM mails WHERE person_id = @id)
                + (SELECT count(*) FROM one_time_addresses WHERE person_id = @id)
            """,
            ("@id", id)
        );
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}

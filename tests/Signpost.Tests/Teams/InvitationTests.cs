using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Testing;
using Signpost.Tests.Mail;

namespace Signpost.Tests.Teams;

/// <summary>The one-time addresses of invitations to teams.</summary>
public sealed class InvitationTests(MailingServer shared) : MailTests(shared)
{
    private const string Password = "three or four words";
    private const string NoAccount = "No account is created.";

    [Fact]
    public async Task A_new_person_creates_an_account_at_the_mailed_address_and_is_in_the_team()
    {
        using var inviter = await NewInviterAsync(Server, ("language", "de"));
        var email = NewEmail();
        var path = PathOf(await InviteAsync(inviter, email));
        using var grace = new Person(Server);

        var mail = Assert.Single(await MailsAsync(email));
        // Programs that check mails open addresses.
        await grace.GetAsync(path, Cancel);
        var page = await grace.GetAsync(path, Cancel);
        var easy = await grace.SendAsync(path, path, Cancel, ("name", "Grace"), ("password", "password"));
        var made = await grace.SubmitAsync(path, path, Cancel, ("name", "Grace"), ("password", Password));
        var again = await grace.GetAsync(path, Cancel);
        var twice = await grace.PostAsync(path, Cancel, ("form_token", page.Token), ("password", Password));

        Assert.Equal("Einladung in das Team Sales auf 127.0.0.1", mail.Message.Subject);
        Assert.Contains("innerhalb von sieben Tagen", mail.Text, StringComparison.Ordinal);
        Assert.Equal(path, mail.Path);
        Assert.Contains("Invitation to the team Sales", page.Body, StringComparison.Ordinal);
        Assert.Contains(email, page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, easy.Status);
        Assert.Contains("too easy to guess", easy.Body, StringComparison.Ordinal);
        Assert.Contains("You are in the team now.", made.Body, StringComparison.Ordinal);
        Assert.Contains(">Grace<", made.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.Gone), (again.Status, twice.Status));
        Assert.Equal(1, await StatusOfAsync(inviter, email));
        using var elsewhere = new Person(Server);
        Assert.Equal(HttpStatusCode.SeeOther, (await elsewhere.SignInAsync(email, Password, Cancel)).Status);
    }

    [Fact]
    public async Task Only_the_person_who_has_the_invited_address_accepts()
    {
        using var inviter = await NewInviterAsync(Server);
        var (_, email) = await NewUserAsync();
        var (_, other) = await NewUserAsync();
        var path = PathOf(await InviteAsync(inviter, email));
        using var eve = new Person(Server);
        using var grace = new Person(Server);

        var token = (await eve.GetAsync(path, Cancel)).Token;
        var taken = await eve.SendAsync(path, path, Cancel, ("name", "Eve"), ("password", Password));
        var nobody = await eve.SendAsync(path, path + "/accept", Cancel);
        await eve.SignInAsync(other, TestServer.AdminPassword, Cancel);
        var wrong = await eve.GetAsync(path, Cancel);
        var stolen = await eve.PostAsync(path + "/accept", Cancel, ("form_token", token));
        var before = await StatusOfAsync(inviter, email);
        await grace.SignInAsync(email, TestServer.AdminPassword, Cancel);
        var accepted = await grace.SubmitAsync(path, path + "/accept", Cancel);
        var twice = await grace.GetAsync(path, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (taken.Status, nobody.Status));
        Assert.Contains(NoAccount, taken.Body, StringComparison.Ordinal);
        Assert.Contains("another account", wrong.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, wrong.Body), (stolen.Status, stolen.Body));
        Assert.Equal(0, before);
        Assert.Contains("You are in the team now.", accepted.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, twice.Status);
        Assert.Equal(1, await StatusOfAsync(inviter, email));
    }

    [Fact]
    public async Task A_person_who_signs_in_comes_back_to_the_invitation()
    {
        using var inviter = await NewInviterAsync(Server);
        var (_, email) = await NewUserAsync();
        var path = PathOf(await InviteAsync(inviter, email));
        using var grace = new Person(Server);

        var invited = await grace.GetAsync(path, Cancel);
        var login = $"/login?returnUrl={Uri.EscapeDataString(path)}";
        var form = await grace.GetAsync(login, Cancel);
        var page = await grace.SubmitAsync(
            login,
            "/login",
            Cancel,
            ("email", email),
            ("password", TestServer.AdminPassword),
            ("returnUrl", path)
        );
        var elsewhere = await grace.GetAsync("/login?returnUrl=%2Flogin%2Fforgot", Cancel);

        Assert.Contains($"href=\"{login}\"", invited.Body, StringComparison.Ordinal);
        Assert.Contains($"name=\"returnUrl\" value=\"{path}\"", form.Body, StringComparison.Ordinal);
        Assert.Contains($"action=\"{path}/accept\"", page.Body, StringComparison.Ordinal);
        Assert.Equal("/dashboard/links", elsewhere.Location);
    }

    [Fact]
    public async Task The_page_looks_the_same_whether_or_not_the_address_has_an_account()
    {
        using var inviter = await NewInviterAsync(Server);
        var (known, unknown) = ((await NewUserAsync()).Email, NewEmail());
        List<string> seen = [];

        foreach (var email in (string[])[known, unknown])
        {
            var path = PathOf(await InviteAsync(inviter, email));
            using var person = new Person(Server);
            var page = await person.GetAsync(path, Cancel);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            seen.Add(
                page.Body.Replace(email, "", StringComparison.Ordinal)
                    .Replace(path, "", StringComparison.Ordinal)
                    .Replace(Uri.EscapeDataString(path), "", StringComparison.Ordinal)
                    .Replace(page.Token, "", StringComparison.Ordinal)
            );
        }

        Assert.Equal(seen[0], seen[1]);
    }

    [Fact]
    public async Task An_account_that_is_created_at_one_address_gets_no_other_invitation()
    {
        using var first = await NewInviterAsync(Server);
        using var second = await NewInviterAsync(Server);
        var email = NewEmail();
        var path = PathOf(await InviteAsync(first, email));
        var other = PathOf(await InviteAsync(second, email));
        using var grace = new Person(Server);

        var made = await grace.SubmitAsync(path, path, Cancel, ("password", Password));

        Assert.DoesNotContain("/dashboard/account/teams/accept", made.Body, StringComparison.Ordinal);
        Assert.Equal(0, await StatusOfAsync(second, email));
        await grace.SubmitAsync(other, other + "/accept", Cancel);
        Assert.Equal(1, await StatusOfAsync(second, email));
    }

    [Fact]
    public async Task An_address_ends_after_seven_days_and_with_the_invitation()
    {
        using var inviter = await NewInviterAsync(Server);
        var late = PathOf(await InviteAsync(inviter, NewEmail()));
        var withdrawn = await InviteAsync(inviter, NewEmail());
        using var grace = new Person(Server);
        List<HttpStatusCode> seen = [];

        seen.Add((await grace.GetAsync(PathOf(withdrawn), Cancel)).Status);
        using var deleted = await inviter.DeleteAsync($"/api/team-members/{withdrawn.GetProperty("id")}", Cancel);
        seen.Add((await grace.GetAsync(PathOf(withdrawn), Cancel)).Status);
        Clock.Advance(TimeSpan.FromDays(6.9));
        seen.Add((await grace.GetAsync(late, Cancel)).Status);
        Clock.Advance(TimeSpan.FromDays(0.1));
        seen.Add((await grace.GetAsync(late, Cancel)).Status);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Gone, HttpStatusCode.OK, HttpStatusCode.Gone], seen);
    }

    [Fact]
    public async Task A_team_invites_an_address_once_a_day_and_the_address_gets_one_mail_a_day()
    {
        using var inviter = await NewInviterAsync(Server);
        using var other = await NewInviterAsync(Server);
        var (email, last) = (NewEmail(), NewEmail());
        var first = await InviteAsync(inviter, email);
        await InviteAsync(other, email);
        using var deleted = await inviter.DeleteAsync($"/api/team-members/{first.GetProperty("id")}", Cancel);

        using var refused = await SendInvitationAsync(inviter, email);
        await InviteAsync(inviter, last);
        // Mails are sent in their order, so a second one to the same address would have come before this one.
        await MailsAsync(last);
        var mails = await MailsAsync(email);
        Clock.Advance(TimeSpan.FromDays(1));
        var second = await InviteAsync(inviter, email);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(PathOf(first), Assert.Single(mails).Path);
        Assert.NotEqual(PathOf(first), PathOf(second));
        Assert.Equal(PathOf(second), (await MailsAsync(email, 2))[1].Path);
    }

    [Fact]
    public async Task The_same_request_again_does_not_get_the_address_again()
    {
        using var inviter = await NewInviterAsync(Server);
        var email = NewEmail();

        using var first = await SendInvitationAsync(inviter, email, "invite-once");
        using var second = await SendInvitationAsync(inviter, email, "invite-once");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
        Assert.DoesNotContain("/login/", await second.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_server_admins_bring_new_people_if_the_setting_says_so()
    {
        await using var server = await TestServer.StartAsync(null, null, [("SIGNPOST_INVITATIONS", "admins")]);
        using var member = await NewInviterAsync(server);
        using var team = await PostAsync(server.Http, "/api/teams", ("name", "Admins"));
        var (email, other) = (NewEmail(), NewEmail());
        var stored = PathOf(await InviteAsync(member, email));
        var open = PathOf(await InviteAsync(server.Http, other));
        using var grace = new Person(server);
        using var ada = new Person(server);

        var refused = await grace.SendAsync(stored, stored, Cancel, ("password", Password));
        var made = await ada.SendAsync(open, open, Cancel, ("password", Password));
        using var account = await PostAsync(server.Http, "/api/users", ("email", email), ("password", Password));
        await grace.SignInAsync(email, Password, Cancel);
        var accepted = await grace.SubmitAsync(stored, stored + "/accept", Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.SeeOther), (refused.Status, made.Status));
        Assert.Contains(NoAccount, refused.Body, StringComparison.Ordinal);
        Assert.Contains("You are in the team now.", accepted.Body, StringComparison.Ordinal);
    }

    /// <summary>Waits for mails to an address. Mails of earlier tests may still arrive.</summary>
    private async Task<List<Mailbox.ReceivedMail>> MailsAsync(string email, int count = 1)
    {
        List<Mailbox.ReceivedMail> mails = [];
        await Patience.UntilAsync(
            () =>
            {
                mails = [.. Box.Mails.Where(mail => mail.To.Contains(email))];
                return Task.FromResult(mails.Count >= count);
            },
            $"{count} mails to {email}"
        );
        return mails;
    }

    private static string NewEmail() => $"{Guid.NewGuid():N}@example.org";

    private static string PathOf(JsonElement invitation) =>
        new Uri(invitation.GetProperty("invitation_url").GetString()!).AbsolutePath;

    /// <summary>A new person who owns the team Sales, with a key of their own.</summary>
    private static async Task<HttpClient> NewInviterAsync(
        TestServer server,
        params (string Name, string Value)[] fields
    )
    {
        using var made = await PostAsync(
            server.Http,
            "/api/users",
            [("email", NewEmail()), ("password", TestServer.AdminPassword), .. fields]
        );
        var id = (await DataAsync(made)).GetProperty("id");
        using var key = await PostAsync(server.Http, $"/api/users/{id}/api-keys");
        var inviter = server.NewClient((await DataAsync(key)).GetProperty("key").GetString());
        using var team = await PostAsync(inviter, "/api/teams", ("name", "Sales"));
        team.EnsureSuccessStatusCode();
        return inviter;
    }

    /// <summary>Invites to the inviter's only team.</summary>
    private static async Task<JsonElement> InviteAsync(HttpClient inviter, string email)
    {
        using var sent = await SendInvitationAsync(inviter, email);
        return await DataAsync(sent);
    }

    private static async Task<HttpResponseMessage> SendInvitationAsync(
        HttpClient inviter,
        string email,
        string? key = null
    )
    {
        using var body = new FormUrlEncodedContent([
            new("team_id", $"{await TeamOfAsync(inviter)}"),
            new("user_email", email),
        ]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/team-members") { Content = body };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await inviter.SendAsync(request, Cancel);
    }

    private static async Task<HttpResponseMessage> PostAsync(
        HttpClient http,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        using var body = new FormUrlEncodedContent(fields.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        return await http.PostAsync(path, body, Cancel);
    }

    private static async Task<JsonElement> DataAsync(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
    }

    private static async Task<JsonElement> TeamOfAsync(HttpClient inviter)
    {
        using var teams = await inviter.GetAsync("/api/teams", Cancel);
        return Assert.Single((await DataAsync(teams)).EnumerateArray()).GetProperty("id");
    }

    /// <summary>The status of the only invitation or member with this address: 0 invited, 1 member.</summary>
    private static async Task<int> StatusOfAsync(HttpClient inviter, string email)
    {
        using var members = await inviter.GetAsync($"/api/team-members/{await TeamOfAsync(inviter)}", Cancel);
        return Assert
            .Single(
                (await DataAsync(members)).EnumerateArray(),
                one => one.GetProperty("user_email").GetString() == email
            )
            .GetProperty("status")
            .GetInt32();
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Signpost.Testing;
using SmtpServer.Protocol;

namespace Signpost.Tests.Mail;

/// <summary>With mail, a new e-mail address counts when it is confirmed, and no response tells whether it has an account.</summary>
public sealed class EmailChangeTests(MailingServer shared) : MailTests(shared)
{
    [Fact]
    public async Task A_new_address_counts_when_it_is_confirmed_and_the_old_one_gets_a_notice()
    {
        var (id, old) = await NewUserAsync();
        var email = $"new-{old}";
        using var grace = new Person(Server);
        await grace.SignInAsync(old, TestServer.AdminPassword, Cancel);

        var asked = await ChangeAsync(grace, email);
        var mails = await TakeAsync(email, old);
        var path = mails[email].Path;
        Assert.Contains("Signpost has sent a mail to the new address.", asked.Body, StringComparison.Ordinal);
        Assert.Contains(email[..40], mails[old].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/login/", mails[old].Text, StringComparison.Ordinal);
        using var phone = new Person(Server);
        var page = await phone.GetAsync(path, Cancel);
        Assert.Contains(old, page.Body, StringComparison.Ordinal);
        Assert.Contains(email, page.Body, StringComparison.Ordinal);
        // Programs that check mails open addresses: that changes nothing.
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await phone.SignInAsync(email, TestServer.AdminPassword, Cancel)).Status
        );
        Assert.True(await grace.IsSignedInAsync(Cancel));

        var confirmed = await phone.SubmitAsync(path, path, Cancel);

        Assert.Contains("The e-mail address is changed.", confirmed.Body, StringComparison.Ordinal);
        Assert.False(await grace.IsSignedInAsync(Cancel));
        Assert.Equal(
            HttpStatusCode.SeeOther,
            (await phone.SignInAsync(email, TestServer.AdminPassword, Cancel)).Status
        );
        Assert.Equal(HttpStatusCode.Gone, (await phone.GetAsync(path, Cancel)).Status);
        Assert.Equal(
            ["email_changed", "email_change_asked"],
            (await EventsOfAsync(id)).Where(one => one.StartsWith("email_", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_taken_address_gets_the_response_of_a_free_one_and_its_owner_a_mail()
    {
        var (_, taken) = await NewUserAsync(("language", "fr"));
        var (id, old) = await NewUserAsync();
        using var grace = new Person(Server);
        await grace.SignInAsync(old, TestServer.AdminPassword, Cancel);

        var forTaken = await ChangeAsync(grace, taken);
        var first = await TakeAsync(taken, old);
        var forFree = await ChangeAsync(grace, $"free-{taken}");
        await TakeAsync($"free-{taken}");
        await Patience.UntilAsync(() => Task.FromResult(MailsTo(old).Count == 2), "The second notice");

        Assert.Equal(WithoutToken(forFree), WithoutToken(forTaken));
        Assert.Equal("Votre adresse e-mail sur 127.0.0.1", first[taken].Message.Subject);
        Assert.Equal("", first[taken].Path);
        // Both notices say the same, except the address.
        var notices = MailsTo(old);
        Assert.Equal(notices[0].Message.Subject, notices[1].Message.Subject);
        Assert.Contains(taken[..40], notices[0].Text, StringComparison.Ordinal);
        var profile = await Server.Http.GetStringAsync($"/api/users/{id}", Cancel);
        Assert.Contains(old, profile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_export_of_a_person_holds_the_mails_to_their_address_only_so_it_does_not_tell_a_taken_address()
    {
        var (_, taken) = await NewUserAsync();
        var (_, old) = await NewUserAsync();
        using var grace = new Person(Server);
        await grace.SignInAsync(old, TestServer.AdminPassword, Cancel);
        // A mail that the server of the recipient refuses is kept.
        Box.Reply = static _ => Task.FromResult(SmtpResponse.MailboxUnavailable);
        try
        {
            await ChangeAsync(grace, taken);
            await ChangeAsync(grace, $"free-{taken}");
            await TakeAsync(taken, $"free-{taken}");
            await Patience.UntilAsync(() => Task.FromResult(MailsTo(old).Count >= 2), "Both notices");

            var export = await grace.GetAsync("/dashboard/account/export", Cancel);

            var mails = JsonNode.Parse(export.Body)!["data"]!["mails"]!.AsArray();
            Assert.Equal([old, old], mails.Select(mail => (string)mail!["to"]!));
            Assert.All(mails, mail => Assert.False(mail!.AsObject().ContainsKey("failure")));
        }
        finally
        {
            // They would be tried again in later tests.
            var waiting = await Server.Http.GetFromJsonAsync<JsonNode>("/api/admin/mails", Cancel);
            foreach (var mail in waiting!["data"]!.AsArray())
                (await Server.Http.DeleteAsync($"/api/admin/mails/{mail!["id"]}", Cancel)).Dispose();
            Box.Reply = static _ => Task.FromResult(SmtpResponse.Ok);
        }
    }

    [Fact]
    public async Task A_new_password_and_a_later_request_stop_a_change()
    {
        var (_, old) = await NewUserAsync();
        using var grace = new Person(Server);
        await grace.SignInAsync(old, TestServer.AdminPassword, Cancel);
        await ChangeAsync(grace, $"a-{old}");
        var first = (await TakeAsync($"a-{old}"))[$"a-{old}"].Path;
        await ChangeAsync(grace, $"b-{old}");
        var second = (await TakeAsync($"b-{old}"))[$"b-{old}"].Path;
        List<HttpStatusCode> seen = [];

        seen.Add((await grace.GetAsync(first, Cancel)).Status);
        seen.Add((await grace.GetAsync(second, Cancel)).Status);
        await grace.SendAsync(
            "/dashboard/account",
            "/dashboard/account/password",
            Cancel,
            ("current", TestServer.AdminPassword),
            ("password", "a whole new password")
        );
        seen.Add((await grace.GetAsync(second, Cancel)).Status);

        Assert.Equal([HttpStatusCode.Gone, HttpStatusCode.OK, HttpStatusCode.Gone], seen);
    }

    [Fact]
    public async Task An_address_that_was_taken_meanwhile_is_not_taken_away()
    {
        var (_, old) = await NewUserAsync();
        using var grace = new Person(Server);
        await grace.SignInAsync(old, TestServer.AdminPassword, Cancel);
        await ChangeAsync(grace, $"late-{old}");
        var path = (await TakeAsync($"late-{old}"))[$"late-{old}"].Path;
        await PostAsync("/api/users", ("email", $"late-{old}"), ("password", TestServer.AdminPassword));

        var confirmed = await grace.SendAsync(path, path, Cancel);

        Assert.Equal(HttpStatusCode.Gone, confirmed.Status);
        Assert.True(await grace.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task A_wrong_password_and_a_wrong_address_mail_nothing()
    {
        var (_, old) = await NewUserAsync();
        using var grace = new Person(Server);
        await grace.SignInAsync(old, TestServer.AdminPassword, Cancel);

        var wrong = await ChangeAsync(grace, $"x-{old}", "wrong");
        var none = await ChangeAsync(grace, "x@y\r\nBcc: eve@evil.example");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (wrong.Status, none.Status));
        Assert.Empty(MailsTo(old));
        Assert.Empty(MailsTo($"x-{old}"));
    }

    [Fact]
    public async Task Somebody_asks_five_times_an_hour_and_three_times_for_one_address()
    {
        var (_, old) = await NewUserAsync();
        using var grace = new Person(Server);
        await grace.SignInAsync(old, TestServer.AdminPassword, Cancel);
        List<HttpStatusCode> seen = [];

        for (var i = 0; i < 4; i++)
            seen.Add((await ChangeAsync(grace, "same@example.org")).Status);
        for (var i = 0; i < 2; i++)
            seen.Add((await ChangeAsync(grace, $"other{i}-{old}")).Status);

        var (done, late) = (HttpStatusCode.OK, HttpStatusCode.TooManyRequests);
        Assert.Equal([done, done, done, late, done, late], seen);
    }

    private static Task<Sight> ChangeAsync(Person person, string email, string password = TestServer.AdminPassword) =>
        person.SubmitAsync(
            "/dashboard/account",
            "/dashboard/account/email",
            Cancel,
            ("email", email),
            ("current", password)
        );

    // The log of the page has one line more, and each form has a token of its own.
    private List<Mailbox.ReceivedMail> MailsTo(string person) =>
        [.. Box.Mails.Skip(Before).Where(mail => mail.To.Single() == person)];

    private static string WithoutToken(Sight sight) =>
        sight.Body[..sight.Body.IndexOf("<form", StringComparison.Ordinal)];
}

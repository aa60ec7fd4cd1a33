using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Mail;
using Signpost.Testing;
using SmtpServer.Protocol;
using Person = Signpost.Testing.Person;

namespace Signpost.Tests.Mail;

/// <summary>Mails reach a real mail server, are tried again, and are never sent in clear or with headers of strangers.</summary>
public sealed class MailSendingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, true, "smtp", "")]
    [InlineData(true, false, "smtps", "")]
    [InlineData(false, false, "smtp", "?tls=none")]
    public async Task A_mail_arrives_with_each_kind_of_connection(bool isTls, bool offersTls, string scheme, string end)
    {
        await using var box = await Mailbox.OpenAsync(isTls: isTls, offersTls: offersTls);
        var user = $"{Uri.EscapeDataString(Mailbox.User)}:{Uri.EscapeDataString(Mailbox.Password)}";
        await using var server = await TestServer.StartAsync([
            .. box.Settings,
            ("SIGNPOST_SMTP_URL", $"{scheme}://{user}@127.0.0.1:{box.Port}{end}"),
        ]);
        server.Services.GetRequiredService<MailSender>().Trust = (_, certificate, _, _) =>
            certificate!.GetCertHashString() == box.Certificate!.Thumbprint;

        await ForgetAsync(server, TestServer.AdminEmail);
        var mail = await box.TakeAsync(1);

        Assert.Equal([TestServer.AdminEmail], mail.To);
        Assert.Equal($"\"Signpost\" <{Mailbox.From}>", mail.Message.From.ToString());
        Assert.Equal(TestServer.AdminEmail, mail.Message.To.ToString());
        Assert.Equal("New password for 127.0.0.1", mail.Message.Subject);
        Assert.Equal("auto-generated", mail.Message.Headers["Auto-Submitted"]);
        Assert.StartsWith("/login/reset/", mail.Path, StringComparison.Ordinal);
        Assert.Equal([(Mailbox.User, Mailbox.Password)], box.SignIns);
        await UntilEmptyAsync(server);
    }

    [Theory]
    [InlineData(false, "smtp", "STARTTLS")]
    [InlineData(true, "smtp", "TLS with the mail server failed")]
    public async Task Nothing_is_sent_without_a_trusted_TLS(bool offersTls, string scheme, string failure)
    {
        await using var box = await Mailbox.OpenAsync(offersTls: offersTls);
        await using var server = await TestServer.StartAsync([
            .. box.Settings,
            ("SIGNPOST_SMTP_URL", $"{scheme}://ada:secret@127.0.0.1:{box.Port}"),
        ]);

        await ForgetAsync(server, TestServer.AdminEmail);
        var mail = await FailedAsync(server, tries: 1);

        Assert.Contains(failure, mail.GetProperty("failure").GetString(), StringComparison.Ordinal);
        Assert.Empty(box.Mails);
        Assert.Empty(box.SignIns);
    }

    [Fact]
    public async Task A_wrong_password_of_the_mail_server_is_told_without_it()
    {
        await using var box = await Mailbox.OpenAsync();
        await using var server = await TestServer.StartAsync([
            .. box.Settings,
            ("SIGNPOST_SMTP_URL", $"smtp://ada:hunter2@127.0.0.1:{box.Port}?tls=none"),
        ]);
        var log = LogLines.Of(server);

        await ForgetAsync(server, TestServer.AdminEmail);
        var mail = await FailedAsync(server, tries: 1);

        Assert.Equal("The mail server refused the user name or the password.", mail.GetProperty("failure").GetString());
        Assert.Equal(1, log.Count("was not sent, try 1 of 5"));
        Assert.Equal(0, log.Count("hunter2"));
    }

    [Fact]
    public async Task A_refused_mail_is_tried_five_times_within_a_day_and_kept_for_a_week()
    {
        var clock = new ManualClock();
        await using var box = await Mailbox.OpenAsync();
        box.Reply = _ => Task.FromResult(new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "no such mailbox"));
        await using var server = await TestServer.StartAsync(clock, null, box.Settings);
        await AddAsync(server, new("email_taken", "bob@example.org", null, "en", TimeSpan.FromDays(1)));
        var start = clock.GetUtcNow();

        for (var tries = 1; tries < MailSender.MostTries; tries++)
        {
            var waiting = await FailedAsync(server, tries);
            var next = clock.GetUtcNow() + MailSender.Waits[tries - 1];
            Assert.Equal("waiting", waiting.GetProperty("status").GetString());
            Assert.Equal($"{next:yyyy-MM-dd HH:mm:ss}", waiting.GetProperty("next_try").GetString());
            clock.Advance(MailSender.Waits[tries - 1]);
        }

        var failed = await FailedAsync(server, MailSender.MostTries);
        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.Equal("no such mailbox", failed.GetProperty("failure").GetString());
        Assert.Equal(JsonValueKind.Null, failed.GetProperty("next_try").ValueKind);
        Assert.InRange(clock.GetUtcNow() - start, TimeSpan.FromHours(20), TimeSpan.FromDays(1));
        Assert.Equal(5, box.Mails.Count);
        clock.Advance(MailSender.Kept - TimeSpan.FromMinutes(1));
        Assert.Single(await MailsAsync(server));
        await clock.UntilAsync(() => MailsAsync(server).GetAwaiter().GetResult().Count == 0, TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task A_mail_waits_for_a_server_that_is_down_also_over_a_restart_of_Signpost()
    {
        var clock = new ManualClock();
        var directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;
        var box = await Mailbox.OpenAsync();
        await box.DisposeAsync();
        await using (var first = await TestServer.StartAsync(clock, directory, box.Settings))
        {
            await ForgetAsync(first, TestServer.AdminEmail);
            var mail = await FailedAsync(first, tries: 1);
            Assert.Contains("cannot be reached", mail.GetProperty("failure").GetString(), StringComparison.Ordinal);
        }

        await using var back = await Mailbox.OpenAsync(box.Port);
        await using (var second = await TestServer.StartAsync(clock, directory, box.Settings))
        {
            clock.Advance(MailSender.Waits[0]);
            await WokenAsync(second, back, 1);
            await UntilEmptyAsync(second);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_server_that_does_not_reply_is_given_up_after_a_time_and_no_request_waits_for_it()
    {
        var clock = new ManualClock();
        await using var box = await Mailbox.OpenAsync();
        TaskCompletionSource<SmtpResponse> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        box.Reply = _ => reply.Task;
        await using var server = await TestServer.StartAsync(clock, null, box.Settings);

        await ForgetAsync(server, TestServer.AdminEmail);
        await box.TakeAsync(1);
        clock.Advance(MailSender.Longest);
        var mail = await FailedAsync(server, tries: 1);

        Assert.Equal("The mail server did not take it in 30 seconds.", mail.GetProperty("failure").GetString());
        reply.SetResult(SmtpResponse.Ok);
    }

    [Fact]
    public async Task A_mail_whose_receipt_was_lost_comes_again_with_the_same_id()
    {
        var clock = new ManualClock();
        await using var box = await Mailbox.OpenAsync();
        box.Reply = _ => throw new IOException("The connection ends after the mail was taken.");
        await using var server = await TestServer.StartAsync(clock, null, box.Settings);

        await ForgetAsync(server, TestServer.AdminEmail);
        await FailedAsync(server, tries: 1);
        box.Reply = _ => Task.FromResult(SmtpResponse.Ok);
        clock.Advance(MailSender.Waits[0]);
        await WokenAsync(server, box, 2);

        Assert.Single(box.Mails.Select(mail => mail.Message.MessageId).Distinct());
        await UntilEmptyAsync(server);
    }

    [Fact]
    public async Task A_mail_that_has_become_useless_is_not_sent()
    {
        var clock = new ManualClock();
        await using var box = await Mailbox.OpenAsync();
        box.Reply = _ => Task.FromResult(new SmtpResponse(SmtpReplyCode.ServiceUnavailable, "later"));
        await using var server = await TestServer.StartAsync(clock, null, box.Settings);

        await ForgetAsync(server, TestServer.AdminEmail);
        await FailedAsync(server, tries: 1);
        clock.Advance(TimeSpan.FromMinutes(5));
        await FailedAsync(server, tries: 2);
        clock.Advance(TimeSpan.FromMinutes(30));
        var last = await FailedAsync(server, tries: 3);

        // The address in the mail works for an hour.
        Assert.Equal("failed", last.GetProperty("status").GetString());
    }

    [Fact]
    public async Task No_name_makes_a_header_or_a_recipient()
    {
        await using var box = await Mailbox.OpenAsync();
        await using var server = await TestServer.StartAsync(box.Settings);
        const string Hostile = "Eve\r\nBcc: eve@evil.example\r\n\r\nBuy\u2028now \u202Etxt";

        await AddAsync(
            server,
            new("email_notice", "bob@example.org", null, "en", TimeSpan.FromDays(1))
            {
                Names = [("email", Hostile + new string('x', 500)), ("host", Hostile)],
            }
        );
        var mail = await box.TakeAsync(1);

        Assert.Equal(["bob@example.org"], mail.To);
        Assert.DoesNotContain("\nBcc:", mail.Raw, StringComparison.OrdinalIgnoreCase);
        Assert.Null(mail.Message.Headers["Bcc"]);
        Assert.DoesNotContain('\n', mail.Message.Subject!);
        Assert.Contains("Eve  Bcc: eve@evil.example    Buy now  txtx", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 64), mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bob@example.org, eve@evil.example")]
    [InlineData("bob@example.org\r\nRCPT TO:<eve@evil.example>")]
    [InlineData("bob@example.org>\r\nDATA")]
    public async Task A_recipient_is_one_address(string recipient)
    {
        await using var box = await Mailbox.OpenAsync();
        await using var server = await TestServer.StartAsync(box.Settings);

        await AddAsync(server, new("email_taken", recipient, null, "en", TimeSpan.FromDays(1)));
        await FailedAsync(server, tries: 1);

        Assert.Empty(box.Mails);
    }

    [Fact]
    public async Task Admins_see_the_mails_without_their_text_and_delete_one()
    {
        await using var box = await Mailbox.OpenAsync();
        box.Reply = _ => Task.FromResult(new SmtpResponse(SmtpReplyCode.ServiceUnavailable, "later"));
        await using var server = await TestServer.StartAsync(box.Settings);
        await ForgetAsync(server, TestServer.AdminEmail);
        var mail = await FailedAsync(server, tries: 1);
        var secret = box.Mails[0].Path.Split('/')[^1];

        var page = await server.Http.GetStringAsync("/api/admin/mails", Cancel);
        using var deleted = await server.Http.DeleteAsync($"/api/admin/mails/{mail.GetProperty("id")}", Cancel);
        using var again = await server.Http.DeleteAsync($"/api/admin/mails/{mail.GetProperty("id")}", Cancel);

        Assert.InRange(secret.Length, 40, 50);
        Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
        Assert.Equal(TestServer.AdminEmail, mail.GetProperty("to").GetString());
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, again.StatusCode));
        Assert.Empty(await MailsAsync(server));
        var log = await server.Http.GetStringAsync("/api/audit-log", Cancel);
        Assert.Contains("\"mail_deleted\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_public_address_mail_is_off_and_the_pages_and_the_API_say_so()
    {
        await using var box = await Mailbox.OpenAsync();
        await using var server = await TestServer.StartAsync([.. box.Settings, ("SIGNPOST_PUBLIC_URL", "")]);
        using var person = new Person(server);

        var login = await person.GetAsync("/login", Cancel);
        var forgot = await person.GetAsync("/login/forgot", Cancel);
        var list = await server.Http.GetStringAsync("/api/admin/mails", Cancel);

        Assert.DoesNotContain("/login/forgot", login.Body, StringComparison.Ordinal);
        Assert.Contains("An administrator of this server can set a new one", login.Body, StringComparison.Ordinal);
        Assert.Contains("SIGNPOST_PUBLIC_URL", forgot.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", forgot.Body, StringComparison.Ordinal);
        Assert.Contains(MailQueue.NoAddress, list, StringComparison.Ordinal);
    }

    /// <summary>Asks for a new password, as people do.</summary>
    private static async Task ForgetAsync(TestServer server, string email)
    {
        using var person = new Person(server);
        var sent = await person.SendAsync("/login/forgot", "/login/forgot", Cancel, ("email", email));
        Assert.Equal("/login/forgot?sent=1", sent.Location);
    }

    private static Task<int> AddAsync(TestServer server, MailDraft draft) =>
        server.Database.WriteAsync(
            db =>
            {
                server.Services.GetRequiredService<MailQueue>().Add(db, draft);
                return db.SaveChangesAsync(Cancel);
            },
            Cancel
        );

    private static async Task<IReadOnlyList<JsonElement>> MailsAsync(TestServer server)
    {
        using var page = JsonDocument.Parse(await server.Http.GetStringAsync("/api/admin/mails", Cancel));
        return [.. page.RootElement.Clone().GetProperty("data").EnumerateArray()];
    }

    /// <summary>
    /// Waits until so many tries of the only mail have failed. The sender may begin its wait after the clock was moved, so it is
    /// woken.
    /// </summary>
    private static async Task<JsonElement> FailedAsync(TestServer server, int tries)
    {
        var queue = server.Services.GetRequiredService<MailQueue>();
        JsonElement mail = default;
        await Patience.UntilAsync(
            async () =>
            {
                queue.Wake();
                if (await MailsAsync(server) is not [var only])
                    return false;
                mail = only;
                return mail.GetProperty("tries").GetInt32() == tries;
            },
            $"{tries} failed tries",
            () => $"{mail}"
        );
        return mail;
    }

    /// <summary>Wakes the sender until there are so many mails: it may begin its wait after the clock was moved.</summary>
    private static Task WokenAsync(TestServer server, Mailbox box, int count) =>
        Patience.UntilAsync(
            () =>
            {
                server.Services.GetRequiredService<MailQueue>().Wake();
                return Task.FromResult(box.Mails.Count >= count);
            },
            $"{count} mails"
        );

    private static Task UntilEmptyAsync(TestServer server) =>
        Patience.UntilAsync(async () => (await MailsAsync(server)).Count == 0, "An empty queue");
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Testing;

namespace Signpost.Tests.Mail;

/// <summary>Helpers of tests with people who get mails. Each test has an hour of its own, because attempts are limited by the hour.</summary>
public abstract class MailTests : IClassFixture<MailingServer>
{
    private readonly MailingServer _shared;

    protected MailTests(MailingServer shared)
    {
        _shared = shared;
        shared.Clock.Advance(TimeSpan.FromHours(1));
        Before = shared.Box.Mails.Count;
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal TestServer Server => _shared.Server;

    internal ManualClock Clock => _shared.Clock;

    internal Mailbox Box => _shared.Box;

    /// <summary>The number of mails before this test.</summary>
    private protected int Before { get; }

    /// <summary>
    /// Waits until each of these people has got a mail in this test, and returns the last ones. Late mails of the test before are to other
    /// people.
    /// </summary>
    private protected async Task<Dictionary<string, Mailbox.ReceivedMail>> TakeAsync(params string[] people)
    {
        Dictionary<string, Mailbox.ReceivedMail> mails = [];
        await Patience.UntilAsync(
            () =>
            {
                mails = Box
                    .Mails.Skip(Before)
                    .GroupBy(mail => mail.To.Single())
                    .ToDictionary(all => all.Key, all => all.Last());
                return Task.FromResult(people.All(mails.ContainsKey));
            },
            $"Mails to {string.Join(", ", people)}"
        );
        return mails;
    }

    /// <summary>Creates an account with the admin's password.</summary>
    private protected async Task<(long Id, string Email)> NewUserAsync(params (string Name, string Value)[] fields)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var made = await PostAsync("/api/users", [("email", email), ("password", TestServer.AdminPassword), .. fields]);
        return (made.GetProperty("data").GetProperty("id").GetInt64(), email);
    }

    private protected async Task<JsonElement> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var body = new FormUrlEncodedContent(fields.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        using var response = await Server.Http.PostAsync(path, body, Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private protected async Task<HttpStatusCode> StatusOfAsync(string path, params (string Name, string Value)[] fields)
    {
        using var body = new FormUrlEncodedContent(fields.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        using var response = await Server.Http.PostAsync(path, body, Cancel);
        return response.StatusCode;
    }

    /// <summary>The events of the audit log about an account, newest first.</summary>
    private protected async Task<string[]> EventsOfAsync(long id)
    {
        var page = await Server.Http.GetFromJsonAsync<JsonElement>("/api/audit-log?results_per_page=1000", Cancel);
        return
        [
            .. page.GetProperty("data")
                .EnumerateArray()
                .Where(line =>
                    line.GetProperty("user_id").ValueKind is JsonValueKind.Number
                    && line.GetProperty("user_id").GetInt64() == id
                )
                .Select(line => line.GetProperty("event").GetString()!),
        ];
    }
}

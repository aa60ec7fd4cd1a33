using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Links.Bulk;
using Signpost.Tests.Domains;

namespace Signpost.Testing.Actions;

/// <summary>Does every action of every page, on a server of its own. A new action fails its tests until it is done here.</summary>
internal sealed partial class EveryAction : IAsyncDisposable
{
    private const string Robot =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36";

    // With script, some questions are asked above the page.
    private const string Confirm = "main.narrow .danger, dialog[open] .danger";

    private readonly HashSet<string> _reached = [];
    private readonly DnsServer _dns;
    private readonly TestServer _server;
    private readonly Func<EveryAction, string, Task<IHand>> _open;

    private EveryAction(DnsServer dns, TestServer server, Func<EveryAction, string, Task<IHand>> open) =>
        (_dns, _server, _open) = (dns, server, open);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Url => _server.Url;

    /// <param name="open">Opens a browser with a user agent. The hand must <see cref="Note"/> each form that it sends.</param>
    public static async Task<EveryAction> StartAsync(Func<EveryAction, string, Task<IHand>> open)
    {
        var dns = await DnsServer.StartAsync();
        // Nobody listens at the mail server's port: the mails wait.
        var server = await TestServer.StartAsync(
            ("SIGNPOST_DNS_RESOLVER", $"{dns.Address}"),
            ("SIGNPOST_SMTP_URL", "smtp://127.0.0.1:9?tls=none"),
            ("SIGNPOST_MAIL_FROM", "signpost@go.example"),
            ("SIGNPOST_PUBLIC_URL", "http://127.0.0.1")
        );
        return new(dns, server, open);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _dns.DisposeAsync();
    }

    /// <summary>Notes that a form was sent to a path.</summary>
    public void Note(string path) =>
        _reached.UnionWith(
            Actions()
                .Where(row => Regex.IsMatch(path, $"^{Parameter().Replace(row["POST ".Length..], "[^/]+")}$"))
                .Take(1)
        );

    /// <param name="elsewhere">Actions that other tests do, and the names of these.</param>
    public async Task DoAllAsync(IReadOnlyDictionary<string, string> elsewhere)
    {
        var ada = await SignInAsync(TestServer.AdminEmail);

        await ChangeLinksAsync(ada);
        await ChangeManyLinksAsync(ada);
        await WriteLinksAsync(ada);
        await DrawCodesAsync(ada);
        await KeepThingsAsync(ada);
        await KeepDomainsAsync(ada);
        await KeepTeamsAsync(ada);
        await ShareStatisticsAsync(ada);
        await ServeAsync(ada);
        await ChangeAccountAsync(ada);
        await FollowAsync();

        Assert.Equal(
            string.Join('\n', Actions()),
            string.Join('\n', _reached.Concat(elsewhere.Keys).Order(StringComparer.Ordinal))
        );
        Assert.DoesNotContain(_reached, elsewhere.ContainsKey);
    }

    private IEnumerable<string> Actions() =>
        _server.MappedPages().Where(row => row.StartsWith("POST ", StringComparison.Ordinal));

    private async Task ChangeLinksAsync(IHand hand)
    {
        const string List = "/dashboard/links";
        await _server.CreateLinkAsync(("url", "first"));
        await hand.SendAsync(List, ".quick button", ("#location_url", "https://example.org/quick"));
        await hand.SendAsync(List, "[data-row] [form=state][name=disable]");
        await hand.SendAsync(List, "[data-row] [form=state][name=trash]");
        await hand.SendAsync(null, "[data-toast] form button");
        await hand.SendAsync($"{List}?search=first", ".views .save form button", ("#view-name", "First"));
        await hand.SendAsync(null, "form:has(#view-rename) button", ("#view-rename", "The first"));
        await hand.SendAsync(null, ".views form[action$='/delete'] button");
        await hand.SendAsync(List, ".person [value=dark]");
        await hand.SendAsync(List, ".person form:has(select) button", ("#shell-language", "de"));
        await hand.SendAsync(List, ".person form:has(select) button", ("#shell-language", "en"));
    }

    private async Task ChangeManyLinksAsync(IHand hand)
    {
        const string List = "/dashboard/links";
        var id = (await _server.CreateLinkAsync(("url", "many"))).Id;
        await hand.SendAsync(List, "[data-bulk] [value=disable]", ($"[data-row] [value='{id}']", ""));
        await hand.SendAsync(List, "[data-bulk] [value=change]", ($"[data-row] [value='{id}']", ""));
        await hand.SendAsync(null, ".many-form .primary", ("#is_enabled", "1"));
        var other = (await _server.CreateLinkAsync(("url", "many-too"))).Id;
        await hand.SendAsync(
            List,
            "[data-bulk] [value=change]",
            ($"[data-row] [value='{id}']", ""),
            ($"[data-row] [value='{other}']", "")
        );
        // The change stops after its first link, so that there is time to cancel it.
        using var go = new ManualResetEventSlim();
        _server.Services.GetRequiredService<BulkWorker>().AfterLink = _ => go.Wait(Patience.Longest, Cancel);
        await hand.SendAsync(null, ".many-form .primary", ("#is_enabled", "0"));
        await hand.SendAsync(null, "form[action$='/cancel'] button");
        go.Set();
    }

    private async Task WriteLinksAsync(IHand hand)
    {
        await hand.SendAsync(
            "/dashboard/links/new",
            ".link-form .actions .primary",
            ("#location_url", "https://example.org/form")
        );
        var link = (await _server.CreateLinkAsync(("url", "written"))).Id;
        var form = $"/dashboard/links/{link}/edit";
        foreach (var page in (string[])["/dashboard/links/new", form])
            await hand.SendAsync(
                page,
                "[data-explain]",
                ("#location_url", "https://example.org/asked"),
                (".outcome [name=device_type]", "mobile")
            );
        await hand.SendAsync(form, ".link-form .actions .primary", ("#title", "Written"));
        await hand.SendAsync($"/dashboard/links/{link}/versions/1", "main .primary");
        await hand.SendAsync("/dashboard/links/bulk", "[value=check]", ("#text", "https://example.org/bulk"));
        await hand.SendAsync(null, "[value=create]");

        foreach (var action in (string[])["form[action$='/restore'] button", "a[href$='/erase']"])
        {
            using var deleted = await _server.Http.DeleteAsync($"/api/links/{link}", Cancel);
            if (action[0] is 'f')
            {
                await hand.SendAsync("/dashboard/trash", action);
                continue;
            }

            await hand.OpenAsync("/dashboard/trash");
            await hand.PressAsync(action);
            await hand.SendAsync(null, Confirm);
        }
    }

    private static async Task DrawCodesAsync(IHand hand)
    {
        const string List = "/dashboard/qr-codes";
        await hand.SendAsync(
            $"{List}/new",
            ".actions [value=save]",
            ("#url", "https://example.org/code"),
            ("#name", "Poster")
        );
        await hand.OpenAsync(List);
        await hand.PressAsync(".qr-list .name a");
        await hand.SendAsync(null, ".actions [value=save]", ("#name", "Posters"));
        await hand.OpenAsync(List);
        await hand.PressAsync(".qr-list a.bad");
        await hand.SendAsync(null, Confirm);
    }

    private async Task ShareStatisticsAsync(IHand hand)
    {
        const string Share = "form[action*='/share'] button";
        var link = (await _server.CreateLinkAsync(("url", "shared"))).Id;
        await hand.SendAsync($"/dashboard/links/{link}/statistics", Share);
        var project = (await PostAsync("/api/projects", ("name", "Shared")))["id"];
        await hand.SendAsync($"/dashboard/statistics?project_id={project}", Share);
        Assert.NotNull((await ReadAsync($"/api/projects/{project}"))["statistics_url"]);
    }

    private static async Task KeepThingsAsync(IHand hand)
    {
        foreach (var things in (string[])["projects", "tags", "pixels", "splash-pages"])
        {
            var list = $"/dashboard/{things}";
            (string, string)[] id = things is "pixels" ? [("#pixel", "1234567")] : [];
            await hand.SendAsync($"{list}?edit=new", ".thing-form .primary", [("#name", "Spring"), .. id]);
            await hand.PressAsync(".data .tools a[href*='edit=']");
            await hand.SendAsync(null, ".thing-form .primary", ("#name", "Summer"));
            await hand.PressAsync(".data .tools a[href*='/delete']");
            await hand.SendAsync(null, Confirm);
        }
    }

    // A link of somebody else is on a domain that is shared with them.
    private async Task KeepDomainsAsync(IHand hand)
    {
        await hand.SendAsync("/dashboard/domains?edit=new", "main .primary", ("#host", "go.example"));
        var path = hand.Path;
        var domain = (await ReadAsync($"/api/domains/{path.Split('/')[^1]}"))["verification"]!;
        await _dns.AddAsync(($"{domain["name"]}", $"{domain["value"]}"));
        await hand.SendAsync(path, "form[action$='/verify'] button");
        var (grace, email) = await NewPersonAsync();
        await PostAsync($"/api/domains/{path.Split('/')[^1]}", ("shared_with[]", email));
        await hand.SendAsync(path, "main form .primary", ("#custom_index_url", "https://example.org/"));
        using var http = _server.NewClient(grace);
        using var made = await http.PostAsync(
            "/api/links",
            new FormUrlEncodedContent([
                new("location_url", "https://example.org/guest"),
                new("domain_id", path.Split('/')[^1]),
            ]),
            Cancel
        );
        made.EnsureSuccessStatusCode();
        await hand.SendAsync(path, "#guests form button");
        await hand.PressAsync("#guests a[href$='/delete']");
        await hand.SendAsync(null, Confirm);
        await hand.SendAsync($"{path}/delete", Confirm);
    }

    private async Task KeepTeamsAsync(IHand hand)
    {
        await hand.SendAsync("/dashboard/account/teams", "main form .primary", ("#teams-name", "Sales"));
        var (_, email) = await NewPersonAsync();
        await hand.SendAsync("/dashboard/team", "#invite .primary", ("#invite-user_email", email));
        await hand.SendAsync("/dashboard/team", "form[action$='/again'] button");
        var invitation = new Uri(await hand.ReadAsync("#invitation")).AbsolutePath;
        var grace = await SignInAsync(email);
        await grace.SendAsync(invitation, "main form button");
        await hand.SendAsync("/dashboard/team", "form[action$='/role'] button");
        await grace.SendAsync("/dashboard/account/teams", "form[action$='/leave'] button");
        await hand.SendAsync("/dashboard/team", "#invite .primary", ("#invite-user_email", email));
        await grace.SendAsync("/dashboard/account/teams", "form[action$='/accept'] button");
        await hand.OpenAsync("/dashboard/team");
        await hand.PressAsync("a[href$='/remove']");
        await hand.SendAsync(null, Confirm);
        await hand.SendAsync("/dashboard/team", "#invite .primary", ("#invite-user_email", "new@example.org"));
        invitation = new Uri(await hand.ReadAsync("#invitation")).AbsolutePath;
        var stranger = await _open(this, Person.Unknown);
        await stranger.SendAsync(invitation, "main form button", ("#password", TestServer.AdminPassword));
        await hand.SendAsync("/dashboard/team/settings", "main form .primary", ("#team-name", "Sales and more"));
        await hand.SendAsync("/dashboard/team/settings", "#delete .danger", ("#delete-name", "Sales and more"));
        await grace.SendAsync(
            "/dashboard/account/data",
            "#delete form .danger, form[action$='/account/delete'] .danger",
            ("#delete-email", email),
            ("#delete-current", TestServer.AdminPassword)
        );

        // The owner may leave when somebody else owns the team, too.
        await hand.SendAsync("/dashboard/account/teams", "main form .primary", ("#teams-name", "Support"));
        await hand.SendAsync(
            "/dashboard/team",
            "#invite .primary",
            ("#invite-user_email", "new@example.org"),
            ("#invite-role", "owner")
        );
        await stranger.SendAsync("/dashboard/account/teams", "form[action$='/accept'] button");
        await hand.SendAsync("/dashboard/team/settings", "#leave button");
    }

    private async Task ServeAsync(IHand hand)
    {
        var (_, email) = await NewPersonAsync();
        await hand.SendAsync("/dashboard/server/people", "form[action$='/state'] button");
        await hand.PressAsync("a[href$='/reset']");
        await hand.SendAsync(null, "main.narrow .primary");
        var address = new Uri(await hand.ReadAsync("#address")).AbsolutePath;
        var stranger = await _open(this, Person.Unknown);
        await stranger.SendAsync(address, "main form button", ("#password", "another long password"));
        await stranger.SendAsync("/login/forgot", "main form button", ("#email", email));
    }

    private async Task ChangeAccountAsync(IHand hand)
    {
        const string SignIn = "/dashboard/account/sign-in";
        await hand.SendAsync("/dashboard/account", "#profile .primary", ("#profile-name", "Ada"));
        await hand.SendAsync("/dashboard/account/keys", "main form .primary", ("#keys-name", "Laptop"));
        await hand.SendAsync("/dashboard/account/keys", "form[action$='/revoke'] [aria-label*=Laptop]");
        using (var other = new Person(_server))
            await other.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        await hand.SendAsync(SignIn, "form[action$='/sessions/end'] button");
        const string Password = "another long password";
        await hand.SendAsync(
            SignIn,
            "form[action$='/password'] .primary",
            ("#password-current", TestServer.AdminPassword),
            ("#password-password", Password)
        );

        await hand.SendAsync(SignIn, "form[action$='/start'] .primary", ("#factor-current", Password));
        var secret = await hand.ReadAsync("#secret");
        await hand.SendAsync(null, "main form .primary", ("#code", Authenticator.Code(secret)));
        await hand.SendAsync(SignIn, "form[action$='/codes'] .primary", ("#codes-current", Password));
        var code = (await hand.ReadAsync("pre")).Split('\n')[0];
        await hand.SendAsync(SignIn, "form[action$='/end-all'] .danger");
        await hand.SendAsync("/login", "main form button", ("#email", TestServer.AdminEmail), ("#password", Password));
        await hand.SendAsync(null, "main form button", ("#code", code));
        await hand.SendAsync(SignIn, "form[action$='/off'] .danger", ("#off-current", Password));

        await hand.SendAsync(
            SignIn,
            "form[action$='/email'] .primary",
            ("#email-email", "ada@new.example"),
            ("#email-current", Password)
        );
        await using (var db = _server.Database.Read())
        {
            var mail = db.Mails.Single(mail => mail.Recipient == "ada@new.example");
            await hand.SendAsync(Confirmation().Match(mail.Text).Value, "main form button");
        }

        await hand.SendAsync("/login", "main form button", ("#email", "ada@new.example"), ("#password", Password));
        await hand.SendAsync("/dashboard/links", "form[action='/logout'] button");
    }

    // A person whose agent is that of a robot takes one of a limited number of clicks by a button.
    private async Task FollowAsync()
    {
        const string Button = "main form button";
        var there = ("location_url", $"{_server.Url}/docs/guide");
        var link = await _server.CreateLinkAsync(there, ("clicks_limit", "2"));
        var visitor = await _open(this, Robot);
        await visitor.SendAsync($"/{link.Alias}", "form button");
        Assert.EndsWith("/docs/guide", visitor.Path, StringComparison.Ordinal);

        link = await _server.CreateLinkAsync(there, ("password", "secret"));
        await visitor.SendAsync($"/{link.Alias}", Button, ("#password", "secret"));
        link = await _server.CreateLinkAsync(there, ("sensitive_content", "1"));
        await visitor.SendAsync($"/{link.Alias}", Button);
        link = await _server.CreateLinkAsync(
            there,
            ("statistics_is_public", "1"),
            ("statistics_public_password", "secret")
        );
        await visitor.SendAsync($"/l/stats/{link.Alias}", Button, ("#password", "secret"));
    }

    private async Task<IHand> SignInAsync(string email)
    {
        var hand = await _open(this, Person.Unknown);
        await hand.SendAsync("/login", "main form button", ("#email", email), ("#password", TestServer.AdminPassword));
        return hand;
    }

    /// <summary>Somebody else, with a key of theirs.</summary>
    private async Task<(string Key, string Email)> NewPersonAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var made = await PostAsync("/api/users", ("email", email), ("password", TestServer.AdminPassword));
        return ($"{(await PostAsync($"/api/users/{made["id"]}/api-keys"))["key"]}", email);
    }

    private async Task<JsonNode> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var body = new FormUrlEncodedContent(fields.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        using var response = await _server.Http.PostAsync(path, body, Cancel);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {answer}");
        return answer!["data"]!;
    }

    private async Task<JsonNode> ReadAsync(string path) =>
        (await _server.Http.GetFromJsonAsync<JsonNode>(path, Cancel))!["data"]!;

    [GeneratedRegex("/login/confirm/[^\\s]+")]
    private static partial Regex Confirmation();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}

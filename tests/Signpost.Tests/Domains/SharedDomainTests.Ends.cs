using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Domains;
using Signpost.Storage;
using Signpost.Tests.Links;

namespace Signpost.Tests.Domains;

/// <content>Links that stay disabled, lists that tell nothing, and the ends of domains, accounts and teams.</content>
public sealed partial class SharedDomainTests
{
    private const string Told = "shared_domain_deleted";

    [Fact]
    public async Task A_disabled_link_is_neither_made_again_nor_enabled_by_an_editor_of_the_owner()
    {
        var owner = await NewTeamAsync("Owners");
        var (editor, admin) = (await JoinAsync(owner, "editor"), await JoinAsync(owner, "admin"));
        var domain = await NewDomainAsync(owner.Key, editor.Person.Email, admin.Person.Email);
        var ofEditor = await LinkAsync(editor.Person.Http, domain, "blocked");
        var ofAdmin = await LinkAsync(admin.Person.Http, domain);
        foreach (var link in (long[])[ofEditor, ofAdmin])
            await PostAsAsync(owner.Key, $"{domain.Path}/links/{link}", ("is_enabled", "0"));

        var byEditor = await MoveAsync(editor.Person.Http, ofEditor);
        var byAdmin = await MoveAsync(admin.Person.Http, ofAdmin);
        await SendAsync(HttpMethod.Delete, $"/api/links/{ofEditor}?permanent=1", http: editor.Person.Http);
        var again = await TryLinkAsync(editor.Person.Http, domain, "blocked");
        var byOwner = await TryLinkAsync(owner.Key, domain, "blocked");

        Assert.Equal(["team_id"], byEditor.WrongFields);
        Assert.Equal(HttpStatusCode.OK, byAdmin.Status);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Created), (again.Status, byOwner.Status));

        Task<Reply> MoveAsync(HttpClient http, long link) =>
            PostAsAsync(http, $"/api/links/{link}/move", ("team_id", $"{owner.Team}"));
    }

    [Fact]
    public async Task The_warning_of_a_list_does_not_tell_which_address_a_guest_has()
    {
        var (owner, guest) = (await NewPersonAsync(), await NewPersonAsync());
        var domain = await NewDomainAsync(owner.Http, "everyone");
        await LinkAsync(guest.Http, domain);
        var unknown = $"{Guid.NewGuid():N}@example.org";

        var with = await WarnedAsync(guest.Email);
        var open = await WarnedAsync("everyone", guest.Email);
        var without = await WarnedAsync(unknown);
        var same = await WarnedAsync(unknown);
        var more = await WarnedAsync(unknown, guest.Email);
        var none = await WarnedAsync();

        Assert.Contains("(links: 1, accounts: 1)", with, StringComparison.Ordinal);
        Assert.Equal((with, with), (without, none));
        Assert.All([open, same, more], Assert.Null);

        async Task<string?> WarnedAsync(params string[] list) =>
            (string?)(await ShareAsync(domain, list)).Json["data"]!["warnings"]?[0]!["title"];
    }

    [Fact]
    public async Task Guests_are_told_once_of_each_domain_that_goes_with_its_account_though_the_job_repeats()
    {
        var (owner, guest) = (await NewPersonAsync(), await NewPersonAsync());
        var (first, second) = (
            await NewDomainAsync(owner.Http, guest.Email),
            await NewDomainAsync(owner.Http, guest.Email)
        );
        await LinkAsync(guest.Http, second);
        var thrown = await LinkAsync(guest.Http, first);
        await SendAsync(HttpMethod.Delete, $"/api/links/{thrown}", http: guest.Http);
        var aliased = await PostAsAsync(owner.Http, first.Path, ("alias_of", $"{second.Id}"));
        var asked = await SendAsync(HttpMethod.Delete, first.Path, http: owner.Http);
        var job = await StoreAsync(JobKind.DeleteAccount, owner.Id, owner.Id);
        using var interrupted = new Slices(
            Server.Database,
            Server.Services.GetRequiredService<ChangeFeed>(),
            TimeProvider.System
        )
        {
            AfterSlice = static _ => throw new OperationCanceledException(),
        };
        var domains = ActivatorUtilities.CreateInstance<DomainsOfAccount>(Server.Services, interrupted);

        await Assert.ThrowsAsync<OperationCanceledException>(() => domains.DeleteAsync(owner.Id, Cancel));
        var early = await EventsAsync(guest.Id, null);
        await FinishAsync(job);

        Assert.Equal([Told], early);
        Assert.Equal([Told, Told], await EventsAsync(guest.Id, null));
        Assert.Contains("The trash of another account", aliased.Body, StringComparison.Ordinal);
        Assert.Contains(
            "1 link, of which 1 in the trash, among them 1 of other accounts (accounts: 1)",
            asked.Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Guests_are_told_of_a_move_only_when_it_cannot_be_given_up_any_more()
    {
        var guest = await NewPersonAsync();
        var admin = IdOf(await GetAsync("/api/user"));
        var domain = await NewDomainAsync(Server.Http, guest.Email);
        var link = await LinkAsync(guest.Http, domain, $"taken{guest.Id}");
        await NewLinkAsync(Server.Http, ("url", $"taken{guest.Id}"), ("domain_id", "0"));

        await FinishAsync(await StoreAsync(JobKind.MoveDomain, domain.Id, admin));
        var givenUp = await EventsAsync(guest.Id, null);
        await PostAsAsync(guest.Http, $"/api/links/{link}", ("url", $"free{guest.Id}"));
        await FinishAsync(await StoreAsync(JobKind.MoveDomain, domain.Id, admin));

        Assert.Empty(givenUp);
        Assert.Equal([Told], await EventsAsync(guest.Id, null));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, domain.Path, domain.Owner));
    }

    [Fact]
    public async Task The_versions_of_a_link_that_its_domain_disabled_tell_that_the_move_disabled_it()
    {
        var guest = await NewPersonAsync();
        var domain = await NewDomainAsync(Server.Http, guest.Email);
        var link = await LinkAsync(guest.Http, domain, $"kept{guest.Id}");
        await PostAsAsync(Server.Http, $"{domain.Path}/links/{link}", ("is_enabled", "0"));

        await FinishAsync(await StoreAsync(JobKind.MoveDomain, domain.Id, IdOf(await GetAsync("/api/user"))));

        Assert.Equal(["False domain_id,is_enabled", "True "], await VersionsAsync(guest.Http, link));
    }

    [Fact]
    public async Task An_heir_that_claims_the_same_host_gets_both_lists_and_a_deleted_team_stays_in_lists()
    {
        var (owner, heir) = (await NewPersonAsync(), await NewPersonAsync());
        var team = await NewTeamAsync();
        var domain = await NewDomainAsync(owner.Http, $"{team.Team}", "both@example.org");
        await Server.Database.WriteAsync(
            db =>
                db.Domains.Where(one => one.Id == domain.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.VerifiedAt, (long?)null), Cancel),
            Cancel
        );
        var claim = await PostAsAsync(
            heir.Http,
            "/api/domains",
            ("host", domain.Host),
            ("shared_with[]", "both@example.org"),
            ("shared_with[]", "heirs@example.org")
        );

        await SendAsync(HttpMethod.Delete, $"/api/users/{owner.Id}?links=transfer&to={heir.Id}");
        var joined = await ListAsync();
        var ended = await StatusAsync(HttpMethod.Delete, $"/api/teams/{team.Team}?links=delete", team.Person.Http);

        Assert.Equal([$"{team.Team}", "both@example.org", "heirs@example.org"], joined);
        Assert.Equal(HttpStatusCode.NoContent, ended);
        Assert.Equal(joined, await ListAsync());

        async Task<string[]> ListAsync() =>
            [
                .. (await ReadAsync(domain with { Id = IdOf(claim), Owner = heir.Http }))["shared_with"]!
                    .AsArray()
                    .Select(name => (string)name!),
            ];
    }

    // A job that nothing has begun.
    private Task<long> StoreAsync(JobKind kind, long subject, long account) =>
        Server.Database.WriteAsync(
            async db =>
            {
                var job = new Job
                {
                    Kind = kind,
                    Subject = subject,
                    AccountId = account,
                };
                db.Jobs.Add(job);
                await db.SaveChangesAsync(Cancel);
                return job.Id;
            },
            Cancel
        );

    private async Task FinishAsync(long job) =>
        Assert.True(await Server.Services.GetRequiredService<JobRunner>().FinishAsync(job, Cancel));

    // Of each version, the latest first: whether the link was enabled, and the fields that changed.
    private async Task<string[]> VersionsAsync(HttpClient http, long link)
    {
        var list = await SendAsync(HttpMethod.Get, $"/api/links/{link}/versions", http: http);
        List<string> lines = [];
        foreach (var version in list.Json["data"]!.AsArray().Select(one => one!))
        {
            var path = $"/api/links/{link}/versions/{version["version"]}";
            var then = (await SendAsync(HttpMethod.Get, path, http: http)).Json["data"]!["link"]!;
            lines.Add($"{(bool)then["is_enabled"]!} {string.Join(',', version["fields"]!.AsArray())}");
        }

        return [.. lines];
    }
}

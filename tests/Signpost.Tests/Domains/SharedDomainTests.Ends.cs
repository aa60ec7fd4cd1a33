using System.Net;
using Signpost.Tests.Links;

namespace Signpost.Tests.Domains;

/// <content>Links that stay disabled, lists that tell nothing, and the ends of domains, accounts and teams.</content>
public sealed partial class SharedDomainTests
{
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
        await SendAsync(HttpMethod.Delete, $"/api/links/{ofEditor}", http: editor.Person.Http);
        var again = await TryLinkAsync(editor.Person.Http, domain, "blocked");
        var byOwner = await TryLinkAsync(owner.Key, domain, "blocked");

        Assert.Equal(["team_id"], byEditor.WrongFields);
        Assert.Equal(HttpStatusCode.OK, byAdmin.Status);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Created), (again.Status, byOwner.Status));

        Task<Reply> MoveAsync(HttpClient http, long link) =>
            PostAsAsync(http, $"/api/links/{link}/move", ("team_id", $"{owner.Team}"));
    }
}

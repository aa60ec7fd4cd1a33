using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Pixels;
using Signpost.Projects;
using Signpost.SplashPages;
using Signpost.Tags;
using Signpost.Testing;
using Signpost.Tests.Teams;
using static Signpost.Dashboard.Things.ThingsPage;

namespace Signpost.Tests.Dashboard;

/// <summary>The pages of projects, tags, pixels and splash pages, without script.</summary>
public sealed partial class ThingPageTests(SharedServer shared) : TeamTests(shared)
{
    private const string Hostile = "<b onclick=\"x\">Ada's & Bo's</b>";

    private static readonly (
        string Path,
        (string Name, string Value)[] Fields,
        (string Name, string Value) Wrong
    )[] Kinds =
    [
        ("projects", [("name", Hostile), ("color", "#b45309")], ("color", "red")),
        ("tags", [("name", Hostile), ("color", "#b45309")], ("color", "red")),
        ("pixels", [("name", Hostile), ("type", "facebook"), ("pixel", "123456789")], ("pixel", "a b")),
        (
            "splash-pages",
            [
                ("name", Hostile),
                ("title", Hostile),
                ("description", Hostile),
                ("link_unlock_seconds", "5"),
                ("link_unlock_button", Hostile),
            ],
            ("link_unlock_seconds", "61")
        ),
    ];

    [Fact]
    public void Each_field_of_the_API_stands_in_a_form()
    {
        Assert.Equal(Names(ProjectServices.Resource.Parameters()), Names(ThingKind.Projects));
        Assert.Equal(Names(TagServices.Resource.Parameters()), Names(ThingKind.Tags));
        Assert.Equal(Names(PixelServices.Resource.Parameters()), Names(ThingKind.Pixels));
        Assert.Equal(Names(SplashPageServices.Resource.Parameters()), Names(ThingKind.SplashPages));
    }

    [Fact]
    public async Task Forms_create_change_and_delete_things_and_keep_what_is_typed()
    {
        using var ada = await SignInAsync(TestServer.AdminEmail);
        foreach (var (name, fields, wrong) in Kinds)
        {
            var page = $"/dashboard/{name}";

            var refused = await ada.SendAsync(
                $"{page}?edit=new",
                page,
                Cancel,
                [.. Without(fields, wrong.Name), wrong]
            );
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Matches($"id=\"{wrong.Name}\"[^>]*aria-invalid=\"true\"", refused.Body);
            Assert.Contains($"href=\"#{wrong.Name}\"", refused.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(Hostile, refused.Body, StringComparison.Ordinal);
            Assert.Contains(Hostile, WebUtility.HtmlDecode(refused.Body), StringComparison.Ordinal);

            var made = await ada.SubmitAsync($"{page}?edit=new", page, Cancel, fields);
            Assert.DoesNotContain(Hostile, made.Body, StringComparison.Ordinal);
            Assert.Contains("role=\"status\"", made.Body, StringComparison.Ordinal);
            var id = EditAddress().Match(made.Body).Groups["id"].Value;
            var stored = (await SendAsync(HttpMethod.Get, $"/api/{name}/{id}")).Json["data"]!;
            Assert.All(fields, field => Assert.Equal(field.Value, $"{stored[field.Name]}"));

            var form = await ada.GetAsync($"{page}?search=ada&edit={id}", Cancel);
            Assert.Contains($"action=\"{page}/{id}?search=ada\"", form.Body, StringComparison.Ordinal);
            var saved = await ada.SendAsync(page, $"{page}/{id}?search=ada", Cancel, ("name", "Ada's new name"));
            Assert.Equal($"{page}?search=ada", saved.Location);
            stored = (await SendAsync(HttpMethod.Get, $"/api/{name}/{id}")).Json["data"]!;
            Assert.Equal("Ada's new name", $"{stored["name"]}");
            Assert.Equal(fields[^1].Value, $"{stored[fields[^1].Name]}");

            var found = await ada.GetAsync($"{page}?search=NEW+NAME", Cancel);
            var nothing = await ada.GetAsync($"{page}?search=old", Cancel);
            Assert.Contains($"edit={id}", found.Body, StringComparison.Ordinal);
            Assert.DoesNotContain($"edit={id}", nothing.Body, StringComparison.Ordinal);

            var question = await ada.GetAsync($"{page}/{id}/delete", Cancel);
            Assert.Contains($"action=\"{page}/{id}/delete\"", question.Body, StringComparison.Ordinal);
            await ada.SendAsync($"{page}/{id}/delete", $"{page}/{id}/delete", Cancel);
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"/api/{name}/{id}")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync($"{page}/{id}/delete", Cancel)).Status);
        }
    }

    [Fact]
    public async Task The_lists_count_links_sort_and_have_pages()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignInAsync(somebody.Email);
        var project = IdOf(await PostAsAsync(somebody.Http, "/api/projects", ("name", "Z")));
        var pixel = IdOf(
            await PostAsAsync(somebody.Http, "/api/pixels", ("name", "Z"), ("type", "facebook"), ("pixel", "12345"))
        );
        var page = IdOf(await PostAsAsync(somebody.Http, "/api/splash-pages", ("name", "Z")));
        for (var i = 0; i < 2; i++)
            await NewLinkAsync(
                somebody.Http,
                ("project_id", $"{project}"),
                ("pixels_ids[]", $"{pixel}"),
                ("splash_page_id", $"{page}"),
                ("tags[]", "poster")
            );
        for (var i = 0; i < 26; i++)
            await PostAsAsync(somebody.Http, "/api/projects", ("name", $"P{i:D2}"));

        foreach (var path in (string[])["pixels", "splash-pages", "tags"])
            Assert.Equal("2", CountOf(await person.GetAsync($"/dashboard/{path}", Cancel)));
        Assert.Equal("2", CountOf(await person.GetAsync("/dashboard/projects?search=z", Cancel)));
        var first = await person.GetAsync("/dashboard/projects?order_by=name&order_type=ASC", Cancel);
        Assert.Equal("P00", NamesIn(first)[0]);
        Assert.Equal(25, NamesIn(first).Length);
        Assert.Contains("page=2", first.Body, StringComparison.Ordinal);
        var second = await person.GetAsync("/dashboard/projects?order_by=name&order_type=ASC&page=2", Cancel);
        Assert.Equal(["P25", "Z"], NamesIn(second));
    }

    [Fact]
    public async Task A_viewer_only_reads_and_strangers_see_and_change_nothing()
    {
        var owner = await NewTeamAsync();
        var viewer = await JoinAsync(owner, "viewer");
        var id = IdOf(await PostAsAsync(owner.Key, "/api/projects", ("name", "Harbour")));
        using var reader = await SignInAsync(viewer.Person.Email);
        using var stranger = await SignInAsync((await NewPersonAsync()).Email);

        var list = await reader.GetAsync($"/dashboard/projects?account={owner.Team}&edit={id}", Cancel);
        Assert.Equal(["Harbour"], NamesIn(list));
        Assert.DoesNotContain("thing-form", list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("aria-label=\"Edit", list.Body, StringComparison.Ordinal);
        foreach (var action in (string[])["", $"/{id}", $"/{id}/delete"])
        {
            var refused = await reader.PostAsync(
                $"/dashboard/projects{action}",
                Cancel,
                ("form_token", list.Token),
                ("account", $"{owner.Team}"),
                ("name", "Mine")
            );
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        }
        await stranger.SendAsync("/dashboard/projects", $"/dashboard/projects/{id}", Cancel, ("name", "Mine"));
        await stranger.SendAsync("/dashboard/projects", $"/dashboard/projects/{id}/delete", Cancel);

        Assert.Empty(NamesIn(await stranger.GetAsync($"/dashboard/projects?edit={id}", Cancel)));
        var kept = await SendAsync(HttpMethod.Get, $"/api/projects/{id}", http: owner.Key);
        Assert.Equal("Harbour", $"{kept.Json["data"]!["name"]}");
    }

    private static IEnumerable<string> Names(IEnumerable<Signpost.Api.Documentation.Parameter> parameters) =>
        parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names(ThingKind kind) =>
        kind.Fields.Select(field => field.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<(string Name, string Value)> Without(
        (string Name, string Value)[] fields,
        string name
    ) => fields.Where(field => field.Name != name);

    private static string[] NamesIn(Sight page) =>
        [.. NameInRow().Matches(page.Body).Select(match => WebUtility.HtmlDecode(match.Groups["name"].Value))];

    private static string CountOf(Sight page) => CountInRow().Match(page.Body).Groups["count"].Value.Trim();

    private async Task<Person> SignInAsync(string email)
    {
        var person = new Person(Server);
        await person.SignInAsync(email, TestServer.AdminPassword, Cancel);
        return person;
    }

    [GeneratedRegex("[?&;]edit=(?<id>[0-9]+)")]
    private static partial Regex EditAddress();

    [GeneratedRegex("<strong dir=\"auto\">(?<name>[^<]*)</strong>")]
    private static partial Regex NameInRow();

    [GeneratedRegex("<td class=\"number\">\\s*(?:<a [^>]*>)?(?<count>[^<]*)<")]
    private static partial Regex CountInRow();
}

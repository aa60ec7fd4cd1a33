using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>A form of the dashboard that is sent after the session has ended is kept, and saved only by its button.</summary>
public sealed partial class KeptFormTests(SignedInServer shared) : IClassFixture<SignedInServer>
{
    // An address may send ten such forms in a minute.
    private static readonly (string Action, (string, string)[] Fields)[] Forms =
    [
        ("/dashboard/domains", [("host", "kept.example.org")]),
        ("/dashboard/projects", [("name", "kept project"), ("color", "#112233")]),
        ("/dashboard/tags", [("name", "kept-tag"), ("color", "#112233")]),
        ("/dashboard/pixels", [("name", "kept pixel"), ("type", "facebook"), ("pixel", "123456789012345")]),
        ("/dashboard/splash-pages", [("name", "kept page"), ("link_unlock_seconds", "5")]),
        ("/dashboard/account/teams", [("name", "kept team")]),
        ("/dashboard/account/profile", [("name", "kept person"), ("timezone", "UTC"), ("language", "en")]),
        ("/dashboard/links", [("location_url", "https://example.com/kept-quick")]),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_after_the_end_of_the_session_is_kept_and_saved_by_its_button()
    {
        using Person bob = new(shared.Server);
        List<IEnumerable<(string, string)>> kept = [];
        foreach (var (action, fields) in Forms)
        {
            var signedOut = await bob.PostAsync(action, Cancel, [.. fields, ("password", "never kept")]);
            Assert.True(signedOut.Status is HttpStatusCode.Unauthorized, $"{action}: {signedOut.Status}");
            Assert.DoesNotContain("never kept", signedOut.Body, StringComparison.Ordinal);
            kept.Add(Hidden(signedOut.Body));
        }

        await bob.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        foreach (var (form, again) in Forms.Zip(kept))
        {
            var shown = await bob.PostAsync(form.Action, Cancel, [.. again]);
            Assert.True(shown.Status is HttpStatusCode.BadRequest, $"{form.Action}: {shown.Status}");
            Assert.Contains("Nothing is saved yet.", shown.Body, StringComparison.Ordinal);
            var main = shown.Body[shown.Body.IndexOf("<main", StringComparison.Ordinal)..];
            Assert.Equal(form.Fields.Length, Label().Count(main.Split("</dl>")[0]));
            Assert.Superset(form.Fields.ToHashSet(), Hidden(main).ToHashSet());

            var saved = await bob.PostAsync(form.Action, Cancel, [.. Hidden(main)]);
            Assert.True(saved.Status is HttpStatusCode.SeeOther, $"{form.Action}: {saved.Status}");
        }

        Assert.Contains(
            "kept person",
            (await bob.GetAsync("/dashboard/account", Cancel)).Body,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "kept project",
            (await bob.GetAsync("/dashboard/projects", Cancel)).Body,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<(string, string)> Hidden(string body) =>
        HiddenField()
            .Matches(body)
            .Select(field => (field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)));

    [GeneratedRegex("<dt>[^<]+</dt><dd")]
    private static partial Regex Label();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();
}

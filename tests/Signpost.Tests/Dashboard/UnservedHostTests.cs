using System.Net;
using Signpost.Testing;
using Signpost.Tests.Domains;

namespace Signpost.Tests.Dashboard;

/// <summary>The form of a link whose host is not served.</summary>
public sealed class UnservedHostTests(SharedDomainServer shared) : SharingTests(shared)
{
    [Fact]
    public async Task The_form_says_that_visitors_get_nothing()
    {
        var owner = await NewPersonAsync();
        var domain = await NewDomainAsync(owner.Http);
        var id = await LinkAsync(owner.Http, domain, "off");
        await PostAsAsync(owner.Http, $"/api/domains/{domain.Id}", ("is_enabled", "0"));
        using Person person = new(Server);
        await person.SignInAsync(owner.Email, TestServer.AdminPassword, Cancel);
        var edit = $"/dashboard/links/{id}/edit";

        var page = await person.SendAsync(
            edit,
            $"{edit}/explain",
            Cancel,
            ("location_url", "https://example.com/typed"),
            ("url", "off"),
            ("domain_id", $"{domain.Id}"),
            ("is_enabled", "1"),
            ("part", "1")
        );

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("this server does not serve the host of this link", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("typed</bdi>", page.Body, StringComparison.Ordinal);
    }
}

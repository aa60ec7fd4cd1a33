using System.Net;
using System.Text;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Explain;

/// <summary>A made-up visit may name any host: it is one, or the answer says that it is none.</summary>
public sealed class ExplainedHostTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task Any_character_in_any_place_of_a_host_is_answered()
    {
        var id = await CreateAsync();
        int[] odd =
        [
            .. Enumerable.Range(1, 0x2F),
            .. Enumerable.Range(0x7F, 0x22),
            0xAD,
            0x34F,
            0x5D0,
            0x661,
            .. Enumerable.Range(0x2000, 0x70),
            0x3002,
            0xFE0F,
            0xFEFF,
            0xFFFD,
            0x1F600,
            0xE0001,
        ];
        foreach (var sign in odd.Select(code => new Rune(code).ToString()))
        foreach (var host in (string[])[$"{sign}.com", $"a{sign}b.com", $"{sign}", $"xn--{sign}.com", $"a.com:{sign}"])
        {
            var reply = await PostAsync($"/api/links/{id}/explain", ("domain", host));
            Assert.True(
                reply.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest,
                $"{reply.Status} for {Convert.ToHexString(Encoding.UTF8.GetBytes(host))}"
            );
        }

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await PostAsync($"/api/links/{id}/explain", ("domain", "\u200d.com"))).Status
        );
    }
}

using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Signpost.Hosting;

namespace Signpost.Tests.Hosting;

/// <summary>A documented setting is read; a misspelled one is named.</summary>
public sealed partial class SettingTests
{
    // Refused on purpose, until it works.
    private const string NotYet = "SIGNPOST_DATABASE_URL";

    public static TheoryData<string> Documented =>
        [
            .. File.ReadLines(Path.Combine(ArchitectureTests.Root, "docs/operations.md"))
                .Where(line => line.StartsWith("| `SIGNPOST_", StringComparison.Ordinal))
                .SelectMany(line => Name().Matches(line.Split('|')[1]).Select(name => name.Value))
                .Where(name => name is not NotYet)
                .Distinct(),
        ];

    [Theory]
    [MemberData(nameof(Documented))]
    public void A_documented_setting_is_known(string name) => Assert.DoesNotContain(name, UnknownWith(name));

    [Fact]
    public void A_misspelled_setting_is_named()
    {
        Assert.InRange(Documented.Count, 15, 100);
        Assert.Contains("SIGNPOST_CLICK_KEPT_DAYS", UnknownWith("SIGNPOST_CLICK_KEPT_DAYS"));
    }

    [Theory]
    [InlineData("x://unix:/")]
    [InlineData("/8ohttp://unix:/x")]
    public void An_address_of_a_socket_with_another_scheme_is_refused(string address) =>
        Assert.Throws<StartException>(() =>
            ListenAddresses.Check(new ConfigurationBuilder().AddInMemoryCollection([new("urls", address)]).Build())
        );

    private static IReadOnlyList<string> UnknownWith(string name) =>
        SignpostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new(name, "")]).Build()).Unknown;

    [GeneratedRegex("SIGNPOST_[A-Z_]+")]
    private static partial Regex Name();
}

using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Visitors;

public sealed class ClientHintsTests
{
    private static readonly UserAgent Chrome = new("Windows", "10", "Chrome", "131.0.0.0", DeviceType.Desktop);
    private static readonly UserAgent Android = new("Android", "10", "Chrome", "131.0.0.0", DeviceType.Mobile);

    [Theory]
    [InlineData("\"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\", \"Google Chrome\";v=\"131\"", "Chrome")]
    [InlineData("\"Microsoft Edge\";v=\"131\", \"Chromium\";v=\"131\"", "Edge")]
    [InlineData("\"Brave\";v=\"131\", \"Chromium\";v=\"131\"", "Brave")]
    [InlineData("\"Opera\";v=\"115\", \"Chromium\";v=\"130\"", "Opera")]
    [InlineData("\"Not;A\\\"Brand\";v=\"8\",\"YaBrowser\";v=\"24.6\"", "Yandex Browser")]
    [InlineData("\"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"", "Chrome")]
    public void Brands_tell_what_passes_for_Chrome(string brands, string expected) =>
        Assert.Equal(expected, new ClientHints(brands, null, null, null, null).Refine(Chrome).BrowserName);

    [Fact]
    public void An_app_keeps_its_name_whatever_engine_it_holds()
    {
        var app = Android with { BrowserName = "Instagram", BrowserVersion = "309.1.0" };

        Assert.Equal(
            app,
            new ClientHints("\"Android WebView\";v=\"131\"", "?1", "\"Android\"", null, null).Refine(app)
        );
    }

    [Fact]
    public void The_full_list_says_the_version_that_the_agent_hides()
    {
        var hints = new ClientHints(
            null,
            null,
            null,
            null,
            "\"Chromium\";v=\"131.0.6778.86\", \"Google Chrome\";v=\"131.0.6778.86\""
        );

        Assert.Equal("131.0.6778.86", hints.Refine(Chrome).BrowserVersion);
    }

    [Theory]
    [InlineData("\"Windows\"", "\"15.0.0\"", "Windows", "11")]
    [InlineData("\"Windows\"", "\"10.0.0\"", "Windows", "10")]
    [InlineData("\"Windows\"", "\"0.1.0\"", "Windows", "7")]
    [InlineData("\"Windows\"", "\"0.3.0\"", "Windows", "8.1")]
    [InlineData("\"Windows\"", "\"\"", "Windows", "10")]
    [InlineData("\"Windows\"", "\"99999999999999999999\"", "Windows", "10")]
    [InlineData("\"macOS\"", "\"14.5.0\"", "OS X", "14.5")]
    [InlineData("\"Android\"", "\"14.0.0\"", "Android", "14")]
    [InlineData("\"Chrome OS\"", "\"16181.47.0\"", "Chrome OS", "16181.47")]
    [InlineData("\"Linux\"", null, "Linux", null)]
    [InlineData("\"Unknown\"", "\"1\"", "Windows", "10")]
    [InlineData("Windows", "15.0.0", "Windows", "10")]
    public void The_platform_names_system_and_version(string platform, string? version, string system, string? told)
    {
        var read = new ClientHints(null, null, platform, version, null).Refine(Chrome);

        Assert.Equal((system, told), (read.SystemName, read.SystemVersion));
    }

    [Theory]
    [InlineData("?0", DeviceType.Tablet)]
    [InlineData("?1", DeviceType.Mobile)]
    [InlineData("yes", DeviceType.Desktop)]
    public void Android_that_asks_for_pages_made_for_desktops_is_known_by_its_hints(string mobile, DeviceType expected)
    {
        var linux = new UserAgent("Linux", null, "Chrome", "131.0.0.0", DeviceType.Desktop);

        Assert.Equal(expected, new ClientHints(null, mobile, "\"Android\"", null, null).Refine(linux).Device);
    }

    [Fact]
    public void A_television_is_not_made_a_tablet()
    {
        var television = Android with { Device = DeviceType.Unknown };

        Assert.Equal(television, new ClientHints(null, "?0", "\"Android\"", null, null).Refine(television));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\"Microsoft Edge")]
    [InlineData("\"Microsoft Edge\\")]
    [InlineData("\"Microsoft Edge\";v")]
    [InlineData("\"Microsoft Edge\";v=131")]
    [InlineData("\"Microsoft Edge\";v=\"131\" \"Chromium\"")]
    [InlineData("\"Microsoft Edge\";v=\"131\",")]
    [InlineData("Microsoft Edge")]
    [InlineData("?1, ?0, ;;;")]
    public void Malformed_hints_say_nothing(string hint) =>
        Assert.Equal(Chrome, new ClientHints(hint, hint, hint, hint, hint).Refine(Chrome));

    [Theory]
    [InlineData("\"HMD T21\"", DeviceType.Tablet)]
    [InlineData("\"SM-X115\"", DeviceType.Tablet)]
    [InlineData("\"Pixel 8\"", DeviceType.Mobile)]
    [InlineData("\"\"", DeviceType.Mobile)]
    [InlineData("", DeviceType.Mobile)]
    [InlineData("HMD T21", DeviceType.Mobile)]
    public void The_model_tells_a_tablet_whose_agent_says_it_is_mobile(string model, DeviceType expected)
    {
        var phone = new UserAgent("Android", "10", "Chrome", "131", DeviceType.Mobile);

        Assert.Equal(expected, new ClientHints(null, "?1", "\"Android\"", null, null, model).Refine(phone).Device);
    }

    [Theory]
    [InlineData("DuckDuckGo", "Android", "DuckDuckGo Mobile")]
    [InlineData("DuckDuckGo", "Windows", "DuckDuckGo")]
    [InlineData("HuaweiBrowser", "Android", "Huawei Browser")]
    [InlineData("Brave", "Android", "Brave")]
    public void A_brand_names_a_browser_that_sends_Chrome_s_agent(string brand, string system, string expected)
    {
        var chrome = new UserAgent(system, null, "Chrome", "131", DeviceType.Mobile);

        Assert.Equal(
            expected,
            new ClientHints($"\"{brand}\";v=\"1\"", null, null, null, null).Refine(chrome).BrowserName
        );
    }

    [Fact]
    public void No_hint_is_an_exception_and_none_invents_a_name()
    {
        var pieces = Gen.Elements(
            "\"",
            "\\",
            ";",
            "v=",
            ",",
            " ",
            "Brave",
            "Windows",
            "\"Brave\";v=\"1\"",
            "?1",
            "\0",
            "\uD83D",
            "1.2"
        );
        var hints = pieces.ListOf().Select(some => string.Concat(some));

        Check.One(
            Laws.Over(3_000),
            Prop.ForAll(
                hints.ToArbitrary(),
                hint =>
                {
                    var read = new ClientHints(hint, hint, hint, hint, hint).Refine(Chrome);
                    return read.BrowserName is "Chrome" or "Brave" && read.SystemName is "Windows";
                }
            )
        );
    }
}

using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Visitors;

public sealed class AgentNamesTests
{
    [Theory]
    [InlineData("Mac OS X", "OS X")]
    [InlineData("Ubuntu", "Linux")]
    [InlineData("openSUSE", "Linux")]
    [InlineData("Mac OS", "Mac OS")]
    [InlineData("tvOS", "tvOS")]
    [InlineData("Other", null)]
    [InlineData(null, null)]
    public void A_system_s_family_has_a_name(string? family, string? name) =>
        Assert.Equal(name, AgentNames.SystemOf(family));

    [Theory]
    [InlineData("macOS", "OS X")]
    [InlineData("mac os", "OS X")]
    [InlineData("iPadOS", "iOS")]
    [InlineData("UBUNTU", "Linux")]
    [InlineData("windows", "Windows")]
    [InlineData("Amiga", null)]
    public void A_system_may_be_spelled_as_people_do(string spelling, string? name) =>
        Assert.Equal(name, AgentNames.FindSystem(spelling));

    [Theory]
    [InlineData("Mobile Safari", "Safari")]
    [InlineData("Chrome Mobile iOS", "Chrome")]
    [InlineData("Chrome Mobile WebView", "Chrome Mobile WebView")]
    [InlineData("Opera Mini", "Opera Mini")]
    [InlineData("Other", null)]
    public void A_browser_s_family_has_a_name(string family, string? name) =>
        Assert.Equal(name, AgentNames.BrowserOf(family));

    [Theory]
    [InlineData("google chrome", "Chrome")]
    [InlineData("EDGE MOBILE", "Edge")]
    [InlineData("Facebook", null)]
    public void A_browser_may_be_spelled_as_people_do(string spelling, string? name) =>
        Assert.Equal(name, AgentNames.FindBrowser(spelling));
}

using Signpost.Core.Redirecting.AppLinks;

namespace Signpost.Core.Tests.Redirecting.AppLinks;

public sealed class InAppBrowsersTests
{
    [Theory]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        InAppBrowser.None
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
        InAppBrowser.None
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 355.0.0.33.90 (iPhone15,2; iOS 18_1; en_US)",
        InAppBrowser.Instagram
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 Instagram 355.0.0.0 Android",
        InAppBrowser.Instagram
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 [FBAN/FBIOS;FBAV/487.0.0.40.110;FBBV/1]",
        InAppBrowser.Facebook
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/487.0.0.40.110;]",
        InAppBrowser.Facebook
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 [FBAN/MessengerForiOS;FBAV/480.0]",
        InAppBrowser.Messenger
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 Barcelona 355.0",
        InAppBrowser.Threads
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 musical_ly_36.8.0 JsSdk/2.0 BytedanceWebview/d8a21c6",
        InAppBrowser.TikTok
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 Safari Line/14.17.0",
        InAppBrowser.Line
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 Snapchat/13.14",
        InAppBrowser.Snapchat
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 [Pinterest/iOS]",
        InAppBrowser.Pinterest
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 [LinkedInApp]/9.30",
        InAppBrowser.LinkedIn
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 Twitter for iPhone/10.66",
        InAppBrowser.X
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 14; SM-S918B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 Mobile Safari/537.36",
        InAppBrowser.Other
    )]
    [InlineData("", InAppBrowser.None)]
    public void Apps_give_themselves_away_in_the_name_of_their_browser(string agent, InAppBrowser expected) =>
        Assert.Equal(expected, InAppBrowsers.Of(agent));
}

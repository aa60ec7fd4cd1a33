namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>
/// The table of sites that have an app. On Android the site's own web address opens the app, so only iOS needs rules; the
/// packages are at <c>https://play.google.com/store/apps/details?id=…</c>.
/// </summary>
internal static class KnownSites
{
    // If a company publishes nothing, lists of people who work with app links are the source.
    private const string Opener = "https://github.com/timonus/OpenerManifest";
    private const string AppUrls = "https://github.com/bhagyas/app-urls";
    private const string AppleStores =
        "https://developer.apple.com/library/archive/featuredarticles/iPhoneURLScheme_Reference/iTunesLinks/iTunesLinks.html";
    private const string WhatsApp = "https://faq.whatsapp.com/425247423114725";

    public static readonly AppSite[] All =
    [
        new(
            "YouTube",
            "youtube.com",
            "https://developer.apple.com/library/archive/featuredarticles/iPhoneURLScheme_Reference/YouTubeLinks/YouTubeLinks.html",
            ("/*", "youtube://www.youtube.com{path}{query}")
        )
        {
            Package = "com.google.android.youtube",
        },
        new(
            "YouTube",
            "youtu.be",
            Opener,
            ("/{video}?t&list", "youtube://www.youtube.com/watch?v={video}[&t={t}][&list={list}]")
        )
        {
            Package = "com.google.android.youtube",
        },
        new("YouTube Music", "music.youtube.com", null) { Package = "com.google.android.apps.youtube.music" },
        new(
            "Instagram",
            "instagram.com instagr.am",
            "https://www.instagram.com/developer/mobile-sharing/iphone-hooks/",
            ("/share/*", null),
            ("/p/{code}", "instagram://media?id={code:media}"),
            ("/reel/{code}", "instagram://media?id={code:media}"),
            ("/reels/{code}", "instagram://media?id={code:media}"),
            ("/tv/{code}", "instagram://media?id={code:media}"),
            ("/{user}/p/{code}", "instagram://media?id={code:media}"),
            ("/{user}/reel/{code}", "instagram://media?id={code:media}"),
            ("/explore/tags/{tag}", "instagram://tag?name={tag}"),
            ("/explore/locations/{id:n}/*", "instagram://location?id={id}"),
            ("/explore/*", null),
            ("/accounts/*", null),
            ("/direct/*", null),
            ("/reels", null),
            ("/about", null),
            ("/{user}", "instagram://user?username={user}")
        )
        {
            Package = "com.instagram.android",
            Own = InAppBrowser.Instagram,
        },
        // The scheme is the app's code name, as in Instagram's own links.
        new(
            "Threads",
            "threads.net threads.com",
            "https://play.google.com/store/apps/details?id=com.instagram.barcelona",
            ("/@{user}", "barcelona://user?username={user}")
        )
        {
            Package = "com.instagram.barcelona",
            Own = InAppBrowser.Threads,
        },
        new(
            "TikTok",
            "tiktok.com",
            "https://developers.tiktok.com/doc/getting-started-ios-quickstart-swift",
            ("/@{user}/video/{id:n}", "snssdk1233://aweme/detail/{id}")
        )
        {
            Package = "com.zhiliaoapp.musically",
            Ignored = "is_from_webapp sender_device _r _t",
            Own = InAppBrowser.TikTok,
        },
        new(
            "X",
            "x.com twitter.com",
            Opener,
            ("/{user}/status/{id:n}/*", "twitter://status?id={id}"),
            ("/i/web/status/{id:n}", "twitter://status?id={id}"),
            ("/hashtag/{tag}", "twitter://search?query=%23{tag}"),
            ("/search?q", "twitter://search?query={q}"),
            ("/home", null),
            ("/i", null),
            ("/jobs", null),
            ("/messages", null),
            ("/notifications", null),
            ("/explore", null),
            ("/login", null),
            ("/signup", null),
            ("/settings", null),
            ("/share", null),
            ("/tos", null),
            ("/privacy", null),
            ("/{user}", "twitter://user?screen_name={user}")
        )
        {
            Package = "com.twitter.android",
            Ignored = "s t ref_src ref_url",
            Own = InAppBrowser.X,
        },
        new("Facebook", "facebook.com fb.com fb.watch", AppUrls, ("/*", "fb://facewebmodal/f?href={url}"))
        {
            Package = "com.facebook.katana",
            Own = InAppBrowser.Facebook,
        },
        new("Messenger", "m.me", AppUrls, ("/{user}", "fb-messenger://user-thread/{user}"))
        {
            Package = "com.facebook.orca",
            Own = InAppBrowser.Messenger,
        },
        new("Messenger", "messenger.com", AppUrls, ("/t/{user}", "fb-messenger://user-thread/{user}"))
        {
            Package = "com.facebook.orca",
            Own = InAppBrowser.Messenger,
        },
        new(
            "WhatsApp",
            "wa.me",
            WhatsApp,
            ("/{phone:n}?text", "whatsapp://send?phone={phone}[&text={text}]"),
            ("/?text", "whatsapp://send?text={text}")
        )
        {
            Package = "com.whatsapp",
        },
        new("WhatsApp", "api.whatsapp.com", WhatsApp, ("/send?phone&text", "whatsapp://send?phone={phone}&text={text}"))
        {
            Package = "com.whatsapp",
            Ignored = "app_absent type",
        },
        new("WhatsApp", "chat.whatsapp.com", AppUrls, ("/{code}", "whatsapp://chat?code={code}"))
        {
            Package = "com.whatsapp",
        },
        new(
            "Telegram",
            "t.me telegram.me",
            "https://core.telegram.org/api/links",
            ("/joinchat/{code}", "tg://join?invite={code}"),
            ("/+{code}", "tg://join?invite={code}"),
            ("/addstickers/{set}", "tg://addstickers?set={set}"),
            ("/s/*", null),
            ("/c/*", null),
            ("/iv", null),
            ("/share/*", null),
            ("/proxy", null),
            ("/socks", null),
            ("/addemoji/*", null),
            ("/addlist/*", null),
            ("/addtheme/*", null),
            ("/bg/*", null),
            ("/boost/*", null),
            ("/confirmphone/*", null),
            ("/contact/*", null),
            ("/giftcode/*", null),
            ("/invoice/*", null),
            ("/login/*", null),
            ("/m/*", null),
            ("/nft/*", null),
            ("/setlanguage/*", null),
            (
                "/{user}?start&startapp&startgroup&text",
                "tg://resolve?domain={user}[&start={start}][&startapp={startapp}][&startgroup={startgroup}][&text={text}]"
            ),
            (
                "/{user}/{post:n}?comment&thread",
                "tg://resolve?domain={user}&post={post}[&comment={comment}][&thread={thread}]"
            ),
            ("/{user}/{app}?startapp", "tg://resolve?domain={user}&appname={app}[&startapp={startapp}]")
        )
        {
            Package = "org.telegram.messenger",
        },
        new(
            "Spotify",
            "open.spotify.com",
            "https://developer.spotify.com/documentation/ios/tutorials/content-linking",
            ("/track/{id}", "spotify:track:{id}"),
            ("/album/{id}", "spotify:album:{id}"),
            ("/artist/{id}", "spotify:artist:{id}"),
            ("/playlist/{id}", "spotify:playlist:{id}"),
            ("/show/{id}", "spotify:show:{id}"),
            ("/episode/{id}", "spotify:episode:{id}"),
            ("/user/{id}", "spotify:user:{id}"),
            ("/intl-{language}/track/{id}", "spotify:track:{id}"),
            ("/intl-{language}/album/{id}", "spotify:album:{id}"),
            ("/intl-{language}/artist/{id}", "spotify:artist:{id}"),
            ("/intl-{language}/playlist/{id}", "spotify:playlist:{id}"),
            ("/intl-{language}/episode/{id}", "spotify:episode:{id}")
        )
        {
            Package = "com.spotify.music",
        },
        new("Apple Music", "music.apple.com", AppleStores, ("/*", "music://music.apple.com{path}{query}"))
        {
            Package = "com.apple.android.music",
        },
        new("App Store", "apps.apple.com itunes.apple.com", AppleStores, ("/*", "itms-apps://{host}{path}{query}")),
        new("Google Play", "play.google.com", null) { Package = "com.android.vending" },
        new("LinkedIn", "linkedin.com", Opener, ("/in/{name}", "linkedin://in/{name}"))
        {
            Package = "com.linkedin.android",
            Own = InAppBrowser.LinkedIn,
        },
        new("LinkedIn", "lnkd.in", null) { Package = "com.linkedin.android", Own = InAppBrowser.LinkedIn },
        // This form takes any page; the form in the list takes products only.
        new(
            "Amazon",
            "amazon.com amazon.ca amazon.com.mx amazon.com.br amazon.co.uk amazon.ie amazon.de amazon.fr amazon.it "
                + "amazon.es amazon.nl amazon.com.be amazon.se amazon.pl amazon.com.tr amazon.ae amazon.sa amazon.eg "
                + "amazon.in amazon.sg amazon.com.au amazon.co.jp amazon.co.za",
            Opener,
            ("/*", "com.amazon.mobile.shopping.web://{host}{path}{query}")
        )
        {
            Package = "com.amazon.mShop.android.shopping",
        },
        new(
            "Google Maps",
            "maps.google.com maps.app.goo.gl",
            "https://developers.google.com/maps/documentation/urls/ios-urlscheme",
            ("/*", "comgooglemapsurl://{host}{path}{query}")
        )
        {
            Package = "com.google.android.apps.maps",
        },
        new(
            "Google Maps",
            "google.com google.ca google.com.mx google.com.br google.com.ar google.co.uk google.de google.at google.ch "
                + "google.fr google.be google.nl google.it google.es google.pt google.pl google.se google.no google.dk "
                + "google.com.tr google.co.in google.com.au google.co.jp google.co.za goo.gl",
            "https://developers.google.com/maps/documentation/urls/ios-urlscheme",
            ("/*", "comgooglemapsurl://{host}{path}{query}")
        )
        {
            Package = "com.google.android.apps.maps",
            Path = "/maps",
        },
        new("Waze", "waze.com", "https://developers.google.com/waze/deeplinks", ("/ul", "waze://{query}"))
        {
            Package = "com.waze",
        },
        new("Reddit", "reddit.com", Opener, ("/*", "reddit://{host}{path}{query}"))
        {
            Package = "com.reddit.frontpage",
        },
        new("Reddit", "redd.it", null) { Package = "com.reddit.frontpage" },
        new(
            "Pinterest",
            "pinterest.com pinterest.de pinterest.at pinterest.ch pinterest.fr pinterest.es pinterest.it pinterest.pt "
                + "pinterest.co.uk pinterest.ca pinterest.com.au pinterest.com.mx pinterest.jp pinterest.se pinterest.dk",
            Opener,
            ("/pin/{id}", "pinterest://pin/{id}"),
            ("/search/*", null),
            ("/ideas/*", null),
            ("/explore/*", null),
            ("/login", null),
            ("/{user}", "pinterest://user/{user}"),
            ("/{user}/{board}", "pinterest://board/{user}/{board}")
        )
        {
            Package = "com.pinterest",
            Own = InAppBrowser.Pinterest,
        },
        new("Pinterest", "pin.it", null) { Package = "com.pinterest", Own = InAppBrowser.Pinterest },
        new("Snapchat", "snapchat.com", Opener, ("/add/{user}", "snapchat://add/{user}"))
        {
            Package = "com.snapchat.android",
            Own = InAppBrowser.Snapchat,
        },
        new(
            "Twitch",
            "twitch.tv",
            "https://dev.twitch.tv/docs/mobile-deeplinks/",
            ("/videos/{id:n}", "twitch://video/{id}"),
            ("/directory/game/{game}", "twitch://game/{game}"),
            ("/directory", null),
            ("/downloads", null),
            ("/{channel}", "twitch://stream/{channel}")
        )
        {
            Package = "tv.twitch.android.app",
        },
        new(
            "Discord",
            "discord.com",
            "https://gist.github.com/ghostrider-05/8f1a0bfc27c7c4509b4ea4e8ce718af0",
            ("/invite/{code}", "discord://-/invite/{code}"),
            ("/channels/{server}/{channel}", "discord://-/channels/{server}/{channel}"),
            ("/users/{id:n}", "discord://-/users/{id}")
        )
        {
            Package = "com.discord",
        },
        new(
            "Discord",
            "discord.gg",
            "https://gist.github.com/ghostrider-05/8f1a0bfc27c7c4509b4ea4e8ce718af0",
            ("/{code}", "discord://-/invite/{code}")
        )
        {
            Package = "com.discord",
        },
        new(
            "Netflix",
            "netflix.com",
            Opener,
            ("/title/{id:n}", "nflx://www.netflix.com/title/{id}"),
            ("/watch/{id:n}", "nflx://www.netflix.com/watch/{id}")
        )
        {
            Package = "com.netflix.mediaclient",
        },
        new("SoundCloud", "soundcloud.com", null) { Package = "com.soundcloud.android" },
        new(
            "Zoom",
            "zoom.us",
            "https://marketplace.zoom.us/docs/guides/guides/client-url-schemes",
            ("/j/{id:n}?pwd", "zoomus://zoom.us/join?confno={id}[&pwd={pwd}]")
        )
        {
            Package = "us.zoom.videomeetings",
            HasSubdomains = true,
        },
        new(
            "eBay",
            "ebay.com ebay.ca ebay.co.uk ebay.ie ebay.de ebay.at ebay.ch ebay.fr ebay.be ebay.nl ebay.it ebay.es ebay.pl "
                + "ebay.com.au ebay.com.sg",
            Opener,
            ("/itm/{id:n}", "ebay://launch?itm={id}"),
            ("/itm/{title}/{id:n}", "ebay://launch?itm={id}")
        )
        {
            Package = "com.ebay.mobile",
        },
        new(
            "Etsy",
            "etsy.com",
            Opener,
            ("/listing/{id:n}/*", "etsy://listing/{id}"),
            ("/{country}/listing/{id:n}/*", "etsy://listing/{id}")
        )
        {
            Package = "com.etsy.android",
        },
        new(
            "Airbnb",
            "airbnb.com airbnb.ca airbnb.mx airbnb.com.br airbnb.co.uk airbnb.ie airbnb.de airbnb.at airbnb.ch airbnb.fr "
                + "airbnb.be airbnb.nl airbnb.it airbnb.es airbnb.pt airbnb.pl airbnb.com.au airbnb.jp",
            Opener,
            ("/rooms/{id:n}", "airbnb://rooms/{id}")
        )
        {
            Package = "com.airbnb.android",
        },
        new(
            "Uber",
            "m.uber.com",
            "https://developer.uber.com/docs/riders/ride-requests/tutorials/deep-links/introduction",
            ("/ul", "uber://{query}")
        )
        {
            Package = "com.ubercab",
        },
        new("PayPal", "paypal.com", null) { Package = "com.paypal.android.p2pmobile", Path = "/paypalme" },
        new("PayPal", "paypal.me", null) { Package = "com.paypal.android.p2pmobile" },
        new("GitHub", "github.com", null) { Package = "com.github.android" },
        new(
            "Vimeo",
            "vimeo.com",
            Opener,
            ("/{id:n}", "vimeo://app.vimeo.com/videos/{id}"),
            ("/channels/{name}", "vimeo://app.vimeo.com/channels/{name}")
        )
        {
            Package = "com.vimeo.android.videoapp",
        },
        new(
            "IMDb",
            "imdb.com",
            Opener,
            ("/title/{id}/*", "imdb:///title/{id}"),
            ("/name/{id}/*", "imdb:///name/{id}"),
            ("/chart/{name}", "imdb:///chart/{name}")
        )
        {
            Package = "com.imdb.mobile",
        },
        new(
            "Bluesky",
            "bsky.app",
            "https://github.com/bluesky-social/social-app",
            ("/profile/{name}", "bluesky://profile/{name}"),
            ("/profile/{name}/post/{id}", "bluesky://profile/{name}/post/{id}")
        )
        {
            Package = "xyz.blueskyweb.app",
        },
        new("VK", "vk.com", Opener, ("/*", "vk://vk.com{path}{query}")) { Package = "com.vkontakte.android" },
        new(
            "LINE",
            "line.me",
            "https://developers.line.biz/en/docs/line-login/using-line-url-scheme/",
            ("/R/ti/p/{id}", "line://ti/p/{id}"),
            ("/ti/p/{id}", "line://ti/p/{id}")
        )
        {
            Package = "jp.naver.line.android",
            Own = InAppBrowser.Line,
        },
        new(
            "Yelp",
            "yelp.com yelp.ca yelp.co.uk yelp.de yelp.fr yelp.it yelp.es yelp.com.au",
            Opener,
            ("/biz/{name}", "yelp:///biz/{name}")
        )
        {
            Package = "com.yelp.android",
        },
        new("Strava", "strava.com", Opener, ("/activities/{id:n}", "strava://activities/{id}"))
        {
            Package = "com.strava",
        },
        new(
            "TIDAL",
            "tidal.com",
            Opener,
            ("/browse/track/{id:n}", "tidal://track/{id}"),
            ("/browse/album/{id:n}", "tidal://album/{id}"),
            ("/track/{id:n}", "tidal://track/{id}"),
            ("/album/{id:n}", "tidal://album/{id}"),
            ("/artist/{id:n}", "tidal://artist/{id}"),
            ("/playlist/{id}", "tidal://playlist/{id}")
        )
        {
            Package = "com.aspiro.tidal",
        },
    ];
}

using System.Collections.Frozen;

namespace Signpost.Core.Redirecting.Pixels;

/// <summary>
/// The table of vendors. Pictures are used if a vendor has them, because the pages with pixels share their origin with the
/// dashboard; scripts run only in frames with an opaque origin.
/// </summary>
public static class PixelVendors
{
    public static IReadOnlyList<PixelVendor> All { get; } =
    [
        new("facebook", "https://developers.facebook.com/docs/meta-pixel/implementation/conversion-tracking")
        {
            Images = [new("https://www.facebook.com/tr?id={id}&ev=PageView&dl={page}&noscript=1")],
        },
        new("google_analytics", "https://developers.google.com/analytics/devguides/collection/protocol/ga4")
        {
            Images =
            [
                new(
                    "https://www.google-analytics.com/g/collect?v=2&tid={id}&cid={visit}&sid={visit}&_p={visit}&_ss=1&_fv=1&en=page_view&dl={page}"
                ),
            ],
        },
        new("google_tag_manager", "https://developers.google.com/tag-platform/tag-manager/web")
        {
            Script = new(
                "window.dataLayer=[{'gtm.start':Date.now(),event:'gtm.js'}];load('https://www.googletagmanager.com/gtm.js?id={id}');",
                "https://www.googletagmanager.com",
                "https://*.google-analytics.com",
                "https://*.analytics.google.com"
            ),
            Frame = new("https://www.googletagmanager.com/ns.html?id={id}"),
        },
        new("linkedin", "https://www.linkedin.com/help/lms/answer/a418880")
        {
            Images = [new("https://px.ads.linkedin.com/collect/?pid={id}&fmt=gif")],
        },
        new("pinterest", "https://help.pinterest.com/en/business/article/install-the-pinterest-tag")
        {
            Images = [new("https://ct.pinterest.com/v3/?event=pagevisit&tid={id}&noscript=1")],
        },
        new(
            "twitter",
            "https://business.x.com/en/help/campaign-measurement-and-analytics/conversion-tracking-for-websites"
        )
        {
            Images =
            [
                new("https://t.co/i/adsct?txn_id={id}&p_id=Twitter&tw_sale_amount=0&tw_order_quantity=0"),
                new(
                    "https://analytics.twitter.com/i/adsct?txn_id={id}&p_id=Twitter&tw_sale_amount=0&tw_order_quantity=0"
                ),
            ],
        },
        new("quora", "https://quoraadsupport.zendesk.com/hc/en-us/categories/115001573928")
        {
            Images = [new("https://q.quora.com/_/ad/{id}/pixel?tag=ViewContent&noscript=1")],
        },
        new("tiktok", "https://ads.tiktok.com/help/article/get-started-pixel")
        {
            Script = new(
                "var t=window.ttq=window.ttq||[];window.TiktokAnalyticsObject='ttq';"
                    + "t._i={'{id}':[]};t._t={'{id}':Date.now()};t._o={'{id}':{}};"
                    + "['page','track','identify','instances','ready','on','off','once','debug','alias','group'].forEach("
                    + "function(m){t[m]=function(){t.push([m].concat([].slice.call(arguments)))}});"
                    + "t._i['{id}']._u='https://analytics.tiktok.com/i18n/pixel/events.js';"
                    + "load('https://analytics.tiktok.com/i18n/pixel/events.js?sdkid={id}&lib=ttq');t.page();",
                "https://analytics.tiktok.com"
            ),
        },
        new("snapchat", "https://businesshelp.snapchat.com/s/article/pixel-direct-implementation")
        {
            Script = new(
                "var s=window.snaptr=function(){s.handleRequest?s.handleRequest.apply(s,arguments):s.queue.push(arguments)};"
                    + "s.queue=[];load('https://sc-static.net/scevent.min.js');s('init','{id}');s('track','PAGE_VIEW');",
                "https://sc-static.net",
                "https://tr.snapchat.com"
            ),
        },
    ];

    private static readonly FrozenDictionary<string, PixelVendor> ByName = All.ToFrozenDictionary(vendor =>
        vendor.Name
    );

    public static PixelVendor? Find(string name) => ByName.GetValueOrDefault(name);
}

namespace Signpost.Tests.Links;

/// <summary>Edits of a link, one after the other, that change each of its fields.</summary>
internal static class LinkEdits
{
    /// <summary>A field of an edit, its value, and the fields that the new version names. Some edits change nothing on purpose.</summary>
    public static readonly (string Name, string Value, string Fields)[] All =
    [
        ("location_url", "HTTPS://Other.example/ä", "location_url"),
        ("location_url", "https://other.example/b", "location_url"),
        ("utm_source", "mail", "utm_source"),
        ("utm_source", "mail", ""),
        ("utm_source", "", "utm_source"),
        ("utm_medium", "letter", "utm_medium"),
        ("utm_campaign", "spring", "utm_campaign"),
        ("http_status_code", "307", "http_status_code"),
        ("is_enabled", "0", "is_enabled"),
        ("start_date", "2026-01-02 03:04:05", "schedule,start_date"),
        ("end_date", "2096-01-02 03:04:05", "end_date"),
        ("schedule", "0", "schedule,start_date,end_date"),
        ("clicks_limit", "7", "clicks_limit"),
        ("expiration_url", "https://over.example", "expiration_url"),
        ("expiration_url", "", "expiration_url"),
        ("password", "secret", "password"),
        ("password", "another", "password"),
        ("password", "********", ""),
        ("password", "", "password"),
        ("cloaking_title", "😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔😕😖😗😘😙😚😛😜😝😞😟", "cloaking_title"),
        ("cloaking_title", "😀😁😂😃😄😅😆😇😈😉😊😋😌😍🙀😏😐😑😒😓😔😕😖😗😘😙😚😛😜😝😞😟", "cloaking_title"),
        (
            "cloaking_custom_js",
            "let a = 1;\n// a long script with many equal lines\nlet b = 2;\n// at its end",
            "cloaking_custom_js"
        ),
        (
            "cloaking_custom_js",
            "let a = 1;\n// a long script with many equal lines\nlet b = 23;\n// at its end",
            "cloaking_custom_js"
        ),
        ("targeting_country_code[0]", "FR", "targeting_country_code"),
        ("targeting_type", "country_code", "targeting_type"),
        ("targeting_device_type[0]", "mobile", "targeting_device_type"),
        ("targeting_country_code[]", "", "targeting_country_code"),
        ("statistics_is_public", "1", "statistics_is_public"),
        ("statistics_public_title", "Our poster", "statistics_public_title"),
        ("statistics_public_shows", "devices", "statistics_public_shows"),
        ("statistics_public_periods", "90", "statistics_public_periods"),
        ("statistics_public_shows", "", "statistics_public_shows"),
        ("sensitive_content", "1", "sensitive_content"),
        ("forward_query_parameters_is_enabled", "1", "forward_query_parameters_is_enabled"),
        ("app_linking_is_enabled", "1", "app_linking_is_enabled"),
        ("cloaking_meta_description", "A page", "cloaking_meta_description"),
        ("cloaking_is_enabled", "1", "cloaking_is_enabled"),
        ("location_url", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "location_url"),
        ("title", "The spring sale", "title"),
        ("note", "For Ada.\nUntil May.", "note"),
        ("tags", "Sale", "tags"),
        ("tags", "sALE", ""),
        ("tags", "Shop", "tags"),
        ("utm_term", "shoes", "utm_term"),
        ("utm_content", "banner", "utm_content"),
        ("statistics_public_password", "secret", "statistics_public_password"),
        ("statistics_public_password", "another", "statistics_public_password"),
        ("statistics_public_password", "********", ""),
        ("statistics_public_password", "", "statistics_public_password"),
    ];
}

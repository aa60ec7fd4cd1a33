using System.Globalization;
using Signpost.Accounts.Keys;
using Signpost.Api.Callers;

namespace Signpost.Dashboard.Account;

/// <summary>Reads the account page's form for a new key.</summary>
internal static class KeyForm
{
    public static NewKey Read(IFormCollection form, TimeZoneInfo zone)
    {
        var scopes = Scopes.None;
        foreach (var word in form["scopes"])
            if (word is not null && ScopeNames.TryParse(word, out var scope))
                scopes |= scope;
        var expires = $"{form["expires"]}".Trim();
        var isDate = DateOnly.TryParseExact(
            expires,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        );
        var wanted = new NewKey($"{form["name"]}".Trim(), scopes, isDate ? StartOf(day, zone) : null);
        return wanted with
        {
            Errors =
                wanted.Name is "" || wanted.Name.Any(char.IsControl) || wanted.Name.Length > NewKey.LongestName
                    ? [new("Enter a name of 1 to 64 characters.", "name")]
                : scopes is Scopes.None ? [new("Select at least one scope.", "scopes")]
                : expires is not "" && !isDate ? [new("Enter a date such as 2027-01-31.", "expires")]
                : [],
        };
    }

    private static long StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Plain arithmetic: the first midnight of the calendar in Tokyo is before the calendar's start in UTC.
        return (long)(midnight - DateTime.UnixEpoch - zone.GetUtcOffset(midnight)).TotalMilliseconds;
    }
}

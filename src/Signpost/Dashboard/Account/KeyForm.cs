using System.Globalization;
using Signpost.Accounts;
using Signpost.Accounts.Keys;
using Signpost.Api.Callers;

namespace Signpost.Dashboard.Account;

/// <summary>Reads the form of the account page that asks for a new key.</summary>
internal static class KeyForm
{
    public static AccountProblem? Read(IFormCollection form, Profile owner, out NewKey wanted)
    {
        wanted = new($"{form["name"]}".Trim(), Scopes.None, null);
        if (wanted.Name is "" || wanted.Name.Any(char.IsControl) || wanted.Name.Length > NewKey.LongestName)
            return new("name", $"A name of 1 to {NewKey.LongestName} characters, please.");

        foreach (var word in form["scopes"])
            if (word is not null && ScopeNames.TryParse(word, out var scope))
                wanted = wanted with { Scopes = wanted.Scopes | scope };
        if (wanted.Scopes is Scopes.None)
            return new("scopes", "Tick at least one.");

        var expires = $"{form["expires"]}".Trim();
        if (expires is "")
            return null;
        if (
            !DateOnly.TryParseExact(
                expires,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
        )
            return new("expires", "A date as in 2027-01-31, please.");

        var zone = TimeZoneInfo.FindSystemTimeZoneById(owner.TimeZone);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Reckoned, because the calendar's first midnight in Tokyo is before it in UTC.
        var since = midnight - DateTime.UnixEpoch - zone.GetUtcOffset(midnight);
        wanted = wanted with { ExpiresAt = (long)since.TotalMilliseconds };
        return null;
    }
}

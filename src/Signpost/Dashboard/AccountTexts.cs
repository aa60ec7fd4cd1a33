using System.Globalization;
using Signpost.Accounts.Audit;
using Signpost.Storage;
using Signpost.Web.Languages;

namespace Signpost.Dashboard;

/// <summary>Texts of the account page about stored events and devices.</summary>
internal static class AccountTexts
{
    /// <summary>A line of the audit log.</summary>
    public static string Of(AuditEntry entry, IReadOnlyDictionary<string, string> texts)
    {
        var text = WhatOf(entry, texts);
        return entry.ActorId is { } actor && actor != entry.AccountId
            ? texts.Fill("log.by_admin", ("event", text))
            : text;
    }

    /// <summary>A line of the audit log, without who caused it.</summary>
    public static string WhatOf(AuditEntry entry, IReadOnlyDictionary<string, string> texts)
    {
        var text = texts.GetValueOrDefault($"log.event.{entry.Event}", entry.Event);
        return entry.Detail is { } detail
            ? $"{text}: {(entry.Event is AuditEvent.SignedIn ? Device(detail, texts) : detail)}"
            : text;
    }

    /// <summary>A stored time in the zone of an account.</summary>
    public static string Time(long at, TimeZoneInfo zone) =>
        TimeZoneInfo
            .ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), zone)
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The browser and the system of a session, which are stored in English, as in <c>Firefox on Linux</c>.</summary>
    public static string Device(string stored, IReadOnlyDictionary<string, string> texts)
    {
        var (browser, system) = stored.Split(" on ") is [var first, var second] ? (first, second) : (stored, null);
        if (browser == "Another browser")
            browser = texts["sessions.other_browser"];
        return system is null ? browser : texts.Fill("sessions.device", ("browser", browser), ("system", system));
    }
}

namespace Signpost.Accounts;

/// <summary>On whose behalf something is done: whose things it may see and in which zone dates are meant.</summary>
internal sealed record Caller(long AccountId, long KeyId, TimeZoneInfo TimeZone, bool IsAdmin);

namespace Signpost.Api.Callers;

/// <summary>On whose behalf something is done: whose things it may see and in which zone dates are meant.</summary>
internal sealed record Caller(long AccountId, long KeyId, TimeZoneInfo TimeZone, bool IsAdmin)
{
    /// <summary>What the key may do.</summary>
    public Scopes Scopes { get; init; } = Scopes.All;
}

/// <summary>Who does something to an account, as the audit log remembers it.</summary>
/// <param name="AccountId">Null: nobody who is signed in, or the server's own terminal.</param>
/// <param name="Network">From where, shortened; null: from the server itself.</param>
internal readonly record struct Actor(long? AccountId, string? Network);

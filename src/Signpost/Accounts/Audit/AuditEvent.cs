namespace Signpost.Accounts.Audit;

/// <summary>The names of events in the audit log.</summary>
internal static class AuditEvent
{
    public const string SignedIn = "signed_in";
    public const string SignInFailed = "sign_in_failed";
    public const string SecondFactorFailed = "second_factor_failed";
    public const string RecoveryCodeUsed = "recovery_code_used";
    public const string SignedOut = "signed_out";
    public const string SignedOutEverywhere = "signed_out_everywhere";
    public const string SessionEnded = "session_ended";
    public const string PasswordChanged = "password_changed";
    public const string PasswordResetAsked = "password_reset_asked";
    public const string PasswordResetMade = "password_reset_made";
    public const string PasswordReset = "password_reset";
    public const string EmailChangeAsked = "email_change_asked";
    public const string EmailChanged = "email_changed";
    public const string MailDeleted = "mail_deleted";
    public const string SecondFactorOn = "second_factor_on";
    public const string SecondFactorOff = "second_factor_off";
    public const string RecoveryCodesRenewed = "recovery_codes_renewed";
    public const string ProviderConnected = "provider_connected";
    public const string ProviderDisconnected = "provider_disconnected";
    public const string ProviderRefused = "provider_refused";
    public const string PasskeyAdded = "passkey_added";
    public const string PasskeyRemoved = "passkey_removed";
    public const string PasskeyRefused = "passkey_refused";
    public const string KeyMade = "key_made";
    public const string KeyRevoked = "key_revoked";
    public const string KeyFirstUsed = "key_first_used";
    public const string UserCreated = "user_created";
    public const string UserDisabled = "user_disabled";
    public const string UserEnabled = "user_enabled";
    public const string UserDeleted = "user_deleted";
    public const string RoleChanged = "role_changed";
    public const string TeamCreated = "team_created";
    public const string TeamDeleted = "team_deleted";
    public const string MemberInvited = "member_invited";
    public const string MemberJoined = "member_joined";
    public const string MemberRoleChanged = "member_role_changed";
    public const string MemberRemoved = "member_removed";
    public const string MemberLeft = "member_left";
    public const string LinksChanged = "links_changed";
    public const string LinkMoved = "link_moved";
    public const string LinkBlocked = "link_blocked";
    public const string LinkAllowed = "link_allowed";
    public const string LinkRemoved = "link_removed";
    public const string SharedDomainDeleted = "shared_domain_deleted";
    public const string ProjectPublished = "project_published";
    public const string ClicksExported = "clicks_exported";
    public const string PersonExported = "person_exported";
    public const string Refused = "refused";
}

using Signpost.Accounts.Audit;
using Signpost.Storage;

namespace Signpost.Dashboard.Account;

/// <summary>Texts of the audit log for the account page.</summary>
internal static class AuditTexts
{
    public static string Of(AuditEntry entry)
    {
        var words = Of(entry.Event);
        if (entry.Detail is { } detail)
            words += $": {detail}";
        return entry.ActorId is { } actor && actor != entry.AccountId ? $"{words} (by an administrator)" : words;
    }

    private static string Of(string what) =>
        what switch
        {
            AuditEvent.SignedIn => "Signed in",
            AuditEvent.SignInFailed => "A sign-in with a wrong password failed",
            AuditEvent.SecondFactorFailed => "A sign-in with the right password and a wrong code failed",
            AuditEvent.RecoveryCodeUsed => "A recovery code was used",
            AuditEvent.SignedOut => "Signed out",
            AuditEvent.SignedOutEverywhere => "Signed out everywhere",
            AuditEvent.SessionEnded => "Another session was ended",
            AuditEvent.PasswordChanged => "The password was changed",
            AuditEvent.EmailChanged => "The e-mail address was changed",
            AuditEvent.SecondFactorOn => "The second factor was turned on",
            AuditEvent.SecondFactorOff => "The second factor was turned off",
            AuditEvent.RecoveryCodesRenewed => "New recovery codes were created",
            AuditEvent.KeyMade => "An API key was created",
            AuditEvent.KeyRevoked => "An API key was revoked",
            AuditEvent.KeyFirstUsed => "An API key was used for the first time",
            AuditEvent.UserCreated => "The account was created",
            AuditEvent.UserDisabled => "The account was disabled",
            AuditEvent.UserEnabled => "The account was enabled",
            AuditEvent.UserDeleted => "The account was deleted",
            AuditEvent.RoleChanged => "The role was changed",
            AuditEvent.ClicksExported => "The clicks of a link were exported",
            AuditEvent.Refused => "A request with an API key was refused",
            _ => what,
        };
}

namespace Signpost.Dashboard.Account;

/// <summary>The account of the signed-in person.</summary>
/// <remarks>Components are public, so the types of their parameters must be public too.</remarks>
public partial class AccountPage
{
    /// <summary>Everything that the account page shows.</summary>
    public sealed record Content
    {
        public required string Token { get; init; }
        public required string Email { get; init; }
        public required string Name { get; init; }
        public required string TimeZone { get; init; }
        public required string Language { get; init; }
        public required string Role { get; init; }
        public required IReadOnlyList<string> TimeZones { get; init; }

        /// <summary>The tag and the own name of each language.</summary>
        public required IReadOnlyList<(string Tag, string Name)> Languages { get; init; }
        public required IReadOnlyList<string> Scopes { get; init; }
        public required bool HasSecondFactor { get; init; }

        /// <summary>Whether the person can give a password. If not, the sign-in provider or a passkey confirms who they are.</summary>
        public required bool HasPassword { get; init; }

        /// <summary>The name of the sign-in provider; null: there is none.</summary>
        public required string? Provider { get; init; }

        /// <summary>The connected accounts at sign-in providers.</summary>
        public required IReadOnlyList<LoginLine> Logins { get; init; }

        /// <summary>Whether the person can connect an account at the provider of the settings.</summary>
        public required bool CanConnect { get; init; }

        public required IReadOnlyList<PasskeyLine> Passkeys { get; init; }

        /// <summary>Passkeys work on this page.</summary>
        public bool PasskeysAreOn { get; init; }

        /// <summary>Mail is on: a new e-mail address must be confirmed.</summary>
        public required bool MailIsOn { get; init; }

        /// <summary>The person proved a short time ago who they are: making a key does not ask for the password.</summary>
        public required bool IsConfirmed { get; init; }
        public required int RecoveryCodesLeft { get; init; }
        public required IReadOnlyList<SessionLine> Sessions { get; init; }
        public required IReadOnlyList<KeyLine> Keys { get; init; }
        public required IReadOnlyList<TeamLine> Teams { get; init; }
        public required IReadOnlyList<LogLine> Log { get; init; }

        /// <summary>The number of links of the account.</summary>
        public required long Links { get; init; }

        /// <summary>A sentence that confirms the last change.</summary>
        public string? Done { get; init; }

        /// <summary>The form with the error, as in <c>password</c>.</summary>
        public string? WrongForm { get; init; }

        /// <summary>The errors of that form, each with its field; null: the error concerns the whole form.</summary>
        public IReadOnlyList<(string Text, string? Field)> Errors { get; init; } = [];

        /// <summary>The content of that form as it was sent.</summary>
        public IFormCollection? Typed { get; init; }

        /// <summary>The errors with the ids of their fields. The id of each field is its form and its name: <c>password-current</c>.</summary>
        public IReadOnlyList<(string Text, string? Field)> Summary =>
            [.. Errors.Select(error => (error.Text, error.Field is null ? null : $"{WrongForm}-{error.Field}"))];

        /// <summary>The error of a field; null: the field has none.</summary>
        public string? ErrorOf(string form, string field) =>
            form == WrongForm ? Errors.FirstOrDefault(error => error.Field == field).Text : null;

        /// <summary>The value that was typed into the form with the error; null: this form has none.</summary>
        public string? TypedIn(string form, string field) => form == WrongForm ? $"{Typed?[field]}" : null;

        /// <summary>All values of a field of the form with the error.</summary>
        public IReadOnlyList<string?> AllTypedIn(string form, string field) =>
            form == WrongForm && Typed is not null ? [.. Typed[field]] : [];
    }

    /// <summary>A connected account at a sign-in provider.</summary>
    public sealed record LoginLine(string Issuer, string Since);

    /// <summary>One passkey, its times in the account's zone.</summary>
    /// <param name="Used">Null: never.</param>
    public sealed record PasskeyLine(string Id, string Name, string Made, string? Used);

    /// <summary>One session, its times in the account's zone.</summary>
    public sealed record SessionLine(long Id, string Device, string Network, string Since, string Seen, bool IsThis);

    /// <summary>One API key, its times in the account's zone.</summary>
    /// <param name="Scopes">Null: all scopes.</param>
    /// <param name="MadeBy">The name of the key above it that made it; null: none of these did.</param>
    /// <param name="Owner">The id of the other account that the key belongs to; null: it is one of this account.</param>
    /// <param name="MadeForOthers">The number of keys for other accounts that stand under it.</param>
    public sealed record KeyLine(
        long Id,
        string Name,
        string Prefix,
        string? Scopes,
        string Made,
        string? Used,
        string? Expires,
        bool IsExpired,
        string? MadeBy,
        long? Owner,
        int MadeForOthers
    );

    /// <summary>One membership, or an invitation.</summary>
    /// <param name="Role">The name of the role, as in <c>editor</c>.</param>
    public sealed record TeamLine(long Id, string Name, string Role, bool IsInvitation);

    /// <summary>One line of the audit log.</summary>
    public sealed record LogLine(string At, string What, string? Network);
}

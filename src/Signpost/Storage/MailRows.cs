namespace Signpost.Storage;

/// <summary>A mail that waits to be sent, or that could not be sent. A sent mail is deleted.</summary>
internal sealed class QueuedMail
{
    public long Id { get; set; }

    /// <summary>The person whose mail it is. It is deleted with the person. Null: it belongs to nobody who has an account.</summary>
    public long? PersonId { get; set; }

    /// <summary>The e-mail address of the recipient.</summary>
    public required string Recipient { get; set; }

    /// <summary>One line.</summary>
    public required string Subject { get; set; }

    /// <summary>Plain text. It may hold a one-time address.</summary>
    public required string Text { get; set; }

    public required long MadeAt { get; set; }

    /// <summary>The mail is of no use after this instant, and is not sent any more.</summary>
    public required long ExpiresAt { get; set; }

    /// <summary>The number of tries that failed.</summary>
    public int Tries { get; set; }

    /// <summary>The next try; null: there is none, the mail has failed.</summary>
    public long? NextTryAt { get; set; }

    /// <summary>The instant of the last try that failed; null: none has failed.</summary>
    public long? FailedAt { get; set; }

    /// <summary>The reason of that failure.</summary>
    public string? Failure { get; set; }
}

/// <summary>The use of a one-time address.</summary>
internal enum OneTimeUse
{
    PasswordReset = 1,
    EmailConfirmation = 2,
    Invitation = 3,
}

/// <summary>An address that works once. Its last part is a random secret, of which only the SHA-256 is stored.</summary>
internal sealed class OneTimeAddress
{
    public long Id { get; set; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] Hash { get; set; }
    public required OneTimeUse Use { get; set; }

    /// <summary>The person for whom it works; null: somebody who has no account.</summary>
    public required long? PersonId { get; set; }

    /// <summary>The person's stamp when the address was made: a new stamp ends it, as it ends sessions. Null without a person.</summary>
    public required string? SecurityStamp { get; set; }

    /// <summary>The e-mail address that it concerns.</summary>
    public required string Email { get; set; }
    public required long ExpiresAt { get; set; }

    /// <summary>The invitation (a row of <see cref="Member"/>) that it accepts; it ends with it. Null for other uses.</summary>
    public long? InvitationId { get; set; }

    /// <summary>Whether an invited person who has no account may create one there.</summary>
    public bool MakesAccount { get; set; }
}

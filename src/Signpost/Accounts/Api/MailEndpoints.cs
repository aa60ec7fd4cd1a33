using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Mail;

namespace Signpost.Accounts.Api;

/// <summary>Mails that wait or failed, and resets of passwords, over HTTP for admins.</summary>
internal static class MailEndpoints
{
    public static void MapMails(this IEndpointRouteBuilder api)
    {
        var mails = api.MapGroup("/admin/mails").WithTags("Server").Scoped(Scopes.Admin);
        mails
            .MapGet("/", List)
            .Describe(
                "listMails",
                "List the mails that wait or failed",
                "Newest first, without their text. A sent mail is not listed. A failed one is kept for 7 days."
            )
            .WithQuery(Describe.Paging);
        mails
            .MapDelete("/{mail_id}", Delete)
            .Describe("deleteMail", "Delete a mail that waits or failed", "It is not sent any more.");
        api.MapPost("/users/{user_id}/password-reset", Reset)
            .WithTags("Accounts")
            .Scoped(Scopes.Admin)
            .Describe(
                "createPasswordReset",
                "Create a one-time address for a new password",
                "Hand the url over to the person: there they set a new password, once, within a day. It is shown only once and ends earlier ones. Signpost sends no mail."
            )
            .Fails(404);
    }

    private static Task<Listed<MailResponse>> List(
        HttpContext http,
        MailCatalog catalog,
        MailQueue queue,
        CancellationToken cancel
    ) =>
        PagedLists.AnswerAsync(
            http,
            () => catalog.CountAsync(cancel),
            (offset, count) => catalog.ListAsync(offset, count, cancel),
            MailResponse.Of,
            queue.LacksAddress ? new Warning(MailQueue.NoAddress, null) : null
        );

    private static async Task<Deleted> Delete(
        HttpContext http,
        [FromRoute(Name = "mail_id")] PathId id,
        MailCatalog catalog,
        CancellationToken cancel
    ) => Deleted.Of(await catalog.DeleteAsync(http.Caller(), id, cancel));

    private static async Task<Created<MadeReset>> Reset(
        HttpContext http,
        [FromRoute(Name = "user_id")] PathId id,
        PasswordResets resets,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var read = await http.BodyAsync(cancel);
        read.WarnOfUnknown();
        return await edits.CreateAsync<MadeReset, MadeReset>(
            http,
            new NoFields(read.Errors, read.Warnings, read.Meaning),
            afterwards => resets.MakeAsync(http.Caller(), id, afterwards, cancel),
            cancel,
            again: _ =>
                ApiResult.Error(
                    409,
                    "The first request created an address. It is shown only once: create another one without this key.",
                    Idempotency.Header
                )
        );
    }

    private sealed record NoFields(IReadOnlyList<FieldError> Errors, List<Warning> Warnings, Meaning Meaning)
        : IChanges;
}

/// <summary>A mail that waits or failed.</summary>
/// <param name="To">The e-mail address of the recipient.</param>
/// <param name="Status">waiting, or failed: there are no more tries.</param>
/// <param name="Tries">The number of tries that failed, 5 at most.</param>
/// <param name="Failure">The reason why the last try failed; null: none has failed.</param>
/// <param name="NextTry">The date of the next try; null: there is none.</param>
internal sealed record MailResponse(
    long Id,
    string To,
    string Subject,
    string Status,
    int Tries,
    string? Failure,
    string? NextTry,
    string Datetime
)
{
    public static MailResponse Of(ListedMail mail, TimeZoneInfo zone) =>
        new(
            mail.Id,
            mail.Recipient,
            mail.Subject,
            mail.NextTryAt is null ? "failed" : "waiting",
            mail.Tries,
            mail.Failure,
            LocalTime.Format(mail.NextTryAt, zone),
            LocalTime.Format(mail.MadeAt, zone)
        );
}

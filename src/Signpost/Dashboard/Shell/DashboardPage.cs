using Microsoft.AspNetCore.Components;

namespace Signpost.Dashboard.Shell;

/// <summary>A page of the dashboard. Its content stands in <see cref="DashboardLayout"/>.</summary>
/// <remarks>Components are public, so the types of their parameters must be public too.</remarks>
public abstract partial class DashboardPage : ComponentBase
{
    [Parameter, EditorRequired]
    public required IReadOnlyDictionary<string, string> Texts { get; set; }

    [Parameter, EditorRequired]
    public required ShellView Shell { get; set; }

    /// <summary>The content of the frame around each page of the dashboard.</summary>
    public sealed record ShellView
    {
        /// <summary>The antiforgery token of all forms on the page.</summary>
        public required string Token { get; init; }

        /// <summary>The path and query of this page, to return to.</summary>
        public required string Address { get; init; }

        /// <summary>The account that the person works in; forms send it.</summary>
        public required long AccountId { get; init; }

        /// <summary>The person's own account and their teams.</summary>
        public required IReadOnlyList<(long Id, string Name)> Accounts { get; init; }

        public required string PersonName { get; init; }
        public required string Email { get; init; }

        /// <summary>The person may create and change links in this account.</summary>
        public required bool MayWrite { get; init; }

        public required IReadOnlyList<NavigationEntry> Navigation { get; init; }

        /// <summary>The pages that only the palette offers.</summary>
        public required IReadOnlyList<NavigationEntry> OnlyInPalette { get; init; }

        /// <summary>The address of the page for a new link; null: there is none, or the person may create none.</summary>
        public string? NewLink { get; init; }

        /// <summary><c>light</c> or <c>dark</c>; null: as the system.</summary>
        public string? Theme { get; init; }

        /// <summary>The tag and the own name of each language.</summary>
        public required IReadOnlyList<(string Tag, string Name)> Languages { get; init; }

        public required DateTimeOffset Now { get; init; }

        /// <summary>The time zone of the account.</summary>
        public required TimeZoneInfo Zone { get; init; }

        /// <summary>The confirmation of the last action.</summary>
        public ToastView? Toast { get; init; }

        /// <summary>The text in the field for the search of links.</summary>
        public string? Search { get; init; }

        public string AccountName => Accounts.First(account => account.Id == AccountId).Name;
    }

    /// <summary>An entry of the navigation.</summary>
    /// <param name="Text">The key of its text.</param>
    /// <param name="Icon">A name of <c>Web/Components/icons.txt</c>.</param>
    /// <param name="IsBelow">It stands in the lower part: about people, not about links.</param>
    public sealed record NavigationEntry(string Path, string Text, string Icon, bool IsBelow = false)
    {
        /// <summary>Only admins of the server see it.</summary>
        public bool IsForAdmins { get; init; }

        /// <summary>Only people who may create links see it.</summary>
        public bool IsForWriters { get; init; }

        /// <summary>The keys that lead there, as in <c>g l</c>: one after the other.</summary>
        public string? Key { get; init; }
    }

    /// <summary>The confirmation of an action, on the page that follows it.</summary>
    /// <param name="UndoAction">The address of the form that undoes the action; null: it cannot be undone.</param>
    /// <param name="UndoFields">The fields of that form.</param>
    public sealed record ToastView(
        string Text,
        string? UndoAction = null,
        IReadOnlyList<(string Name, string Value)>? UndoFields = null
    );

    /// <summary>The state of the forms of a page: at most one of them has errors and shows again what was typed.</summary>
    public sealed record FormState
    {
        /// <summary>The form with the error, as in <c>password</c>.</summary>
        public string? WrongForm { get; init; }

        /// <summary>The errors, each with its field; null: the error concerns the whole form.</summary>
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
}

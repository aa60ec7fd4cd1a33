namespace Signpost.Dashboard.OneLink;

/// <summary>The versions of a link.</summary>
public partial class VersionsPage
{
    /// <param name="First">The number of the first line among all, from 1.</param>
    public sealed record Content(
        OneLinkLayout.LinkHead Head,
        IReadOnlyList<VersionLine> Lines,
        long First,
        long Total,
        string? Previous,
        string? Next
    );

    /// <summary>A version of a link in a list, and its editor.</summary>
    /// <param name="Who">The person, the key, or the server.</param>
    /// <param name="Fields">The names of the changed fields.</param>
    public sealed record VersionLine(
        int Number,
        DateTimeOffset At,
        bool IsCurrent,
        string Who,
        IReadOnlyList<string> Fields
    );
}

/// <summary>One version of a link: what it changed, and what its restoring would change.</summary>
public partial class VersionPage
{
    /// <param name="Changes">The changes of this version.</param>
    /// <param name="Restores">The changes that restoring it would make now; empty: none.</param>
    /// <param name="Errors">Why it could not be restored.</param>
    public sealed record Content(
        OneLinkLayout.LinkHead Head,
        VersionsPage.VersionLine Line,
        IReadOnlyList<ChangeTable.ChangedLine> Changes,
        IReadOnlyList<ChangeTable.ChangedLine> Restores,
        IReadOnlyList<(string Text, string? Field)> Errors
    );
}

/// <summary>Fields with their values before and after.</summary>
public partial class ChangeTable
{
    /// <summary>A field with its value before and after; null: it had none.</summary>
    public sealed record ChangedLine(string Field, string? Before, string? After);
}

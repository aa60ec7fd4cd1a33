using Signpost.Api;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.QrCodes;

/// <summary>The result of changes to a QR code: the errors, and the destination of a link to create.</summary>
/// <param name="NewLink">Null: no link is created.</param>
internal sealed record QrTarget(IReadOnlyList<FieldError> Errors, TargetUrl? NewLink)
{
    /// <summary>Changes the row. If there is an error, it must not be used.</summary>
    public static QrTarget Apply(QrCodeRow row, QrCodeChanges changes)
    {
        List<FieldError> errors = [.. changes.Errors];
        row.Name = changes.Name.Value ?? row.Name;
        var look = changes.Look.Apply(QrLook.Of(row));
        look.WriteTo(row);
        if (look.ColourProblem() is { } problem && !HasError("foreground") && !HasError("background"))
            errors.Add(new(problem, changes.Look.Foreground.As ?? changes.Look.Background.As ?? "foreground"));
        return HasError("url") || HasError("url_dynamic") || HasError("link_id")
            ? new(errors, null)
            : Point(row, changes, errors);

        bool HasError(string field) => errors.Exists(error => error.Field == field);
    }

    // Says where the code leads.
    private static QrTarget Point(QrCodeRow row, QrCodeChanges changes, List<FieldError> errors)
    {
        if (changes.LinkId.Value is { } link)
        {
            if (changes.Url.Value is not null)
                errors.Add(new("Send either url or link_id.", changes.Url.As));
            (row.LinkId, row.Url) = (link, null);
            return new(errors, null);
        }

        var makesLink = changes.UrlDynamic.IsPresent ? changes.UrlDynamic.Value : row.LinkId is not null;
        if (changes.Url.Value is not { } url)
            return new(errors, Keep(row, makesLink, errors));
        if (!makesLink)
            (row.LinkId, row.Url) = (null, url.Text);
        else if (!changes.UrlDynamic.IsPresent)
            errors.Add(
                new("This code leads to a link: change its location_url, or send url_dynamic, too.", changes.Url.As)
            );
        return new(errors, makesLink ? url : null);
    }

    // Without a new address, only a coded address can become that of a link.
    private static TargetUrl? Keep(QrCodeRow row, bool makesLink, List<FieldError> errors)
    {
        if (row.Url is null && (row.LinkId is null || !makesLink))
            errors.Add(new("url is required.", "url"));
        return makesLink && row.Url is { } coded && TargetUrl.TryParse(coded, out var url, out _) ? url : null;
    }
}

/// <summary>The ids in a row before changes. They need no check: they may be those of deleted things.</summary>
internal readonly record struct QrCodeState(long? LinkId, long? LogoId)
{
    public QrCodeState(QrCodeRow row)
        : this(row.LinkId, row.LogoId) { }
}

using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Files;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.QrCodes;

/// <summary>A QR code that is not kept: its text, its look as it was sent, and what is wrong with it.</summary>
internal sealed record QrSketch(CodedText Code, QrLookChanges Sent, IReadOnlyList<FieldError> Errors);

/// <summary>Draws QR codes that are not kept, in the looks that requests send.</summary>
internal sealed class QrSketches(QrPictures pictures, QrCodeChecks checks, Database database)
{
    /// <param name="text">The text to code.</param>
    /// <param name="read">The fields of the look. Its errors are those of the sketch, too.</param>
    public async Task<QrSketch> ReadAsync(Caller caller, string text, FieldReader read)
    {
        var sent = QrLookFields.Read(read);
        var look = sent.Apply(QrLook.Usual);
        var errors = read.Errors;
        if (errors is [] && look.ColourProblem() is { } problem)
            errors.Add(new(problem, sent.Foreground.As ?? sent.Background.As));
        await using var db = database.Read();
        var logo = await QrCodeChecks.LogoAsync(db, caller, look.LogoId, sent, errors, CancellationToken.None);
        return new(new(text, look, logo), sent, errors);
    }

    /// <summary>Draws a sketch without errors; null: <see cref="ProblemsAsync"/> says why not.</summary>
    /// <exception cref="TooBusyException">Too many other pictures are drawn at the moment.</exception>
    public ValueTask<Picture?> DrawAsync(QrSketch sketch, string format, CancellationToken cancel) =>
        pictures.DrawAsync(sketch.Code, format, cancel);

    /// <summary>Everything that keeps the sketch from being drawn.</summary>
    /// <exception cref="TooBusyException">Too many pictures are drawn at the moment.</exception>
    public async Task<IReadOnlyList<FieldError>> ProblemsAsync(QrSketch sketch) =>
        sketch.Errors is [] ? await checks.DrawableAsync(sketch.Code, sketch.Sent, null) : sketch.Errors;
}

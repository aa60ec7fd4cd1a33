namespace Signpost.Api.Bodies;

/// <summary>How large the body of a request may be.</summary>
/// <param name="TextBytes">The most bytes of a JSON body, of a form, and of all texts of a multipart body together.</param>
/// <param name="Advice">Tells people how to send a larger one; empty: nothing helps.</param>
internal sealed record BodyLimit(int TextBytes, string Advice = "")
{
    /// <summary>The most bytes of a multipart body that may carry files.</summary>
    public const int WithFiles = 16 << 20;

    public static BodyLimit Usual { get; } = new(64 << 10);

    /// <summary>A domain holds two JSON texts.</summary>
    public static BodyLimit Domains { get; } = new(512 << 10);

    public static BodyLimit Links { get; } = new(2 << 20, " Send a bulk of long addresses in parts.");

    public BodyException TooLarge(Exception? cause = null) => TooLarge(TextBytes, cause);

    public BodyException TooLarge(int most, Exception? cause = null) =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            $"The body is larger than {(most < 1 << 20 ? $"{most >> 10} KiB" : $"{most >> 20} MiB")}.{Advice}",
            cause
        );
}

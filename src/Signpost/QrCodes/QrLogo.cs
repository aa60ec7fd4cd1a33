using Signpost.Files;
using SkiaSharp;

namespace Signpost.QrCodes;

/// <summary>Reads an uploaded logo. Only pixels are kept: a new PNG is made of them.</summary>
internal static class QrLogo
{
    public const int MostBytes = 512 << 10;
    public const int MostSide = 1024;

    // A logo covers a quarter of a code of 1,024 pixels. Its bytes are never more than those of an upload.
    private const int KeptSide = 320;

    /// <summary>Checks an upload by its structure, without decoding it; null: it may be decoded.</summary>
    public static string? Problem(ReadOnlyMemory<byte> upload)
    {
        _ = ImageFile.Recognise(upload.Span, out var image);
        if (image?.Extension is not ("png" or "jpg"))
            return "must be a whole PNG or JPEG picture";
        return image.Width <= MostSide && image.Height <= MostSide
            ? null
            : $"must be at most {MostSide} by {MostSide} pixels";
    }

    /// <summary>Decodes an upload that <see cref="Problem"/> has checked; null: it is damaged.</summary>
    /// <returns>A PNG of at most 320 by 320 pixels, turned upright.</returns>
    public static byte[]? TryDecode(ReadOnlyMemory<byte> upload)
    {
        using var data = SKData.CreateCopy(upload.Span);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.Info.Width > MostSide || codec.Info.Height > MostSide)
            return null;
        using var pixels = new SKBitmap(
            new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul)
        );
        // A part of a picture is not enough.
        if (codec.GetPixels(pixels.Info, pixels.GetPixels()) is not SKCodecResult.Success)
            return null;

        // Reads it once more, turned as the picture says.
        using var upright = SKImage.FromEncodedData(data);
        var scale = Math.Min(1f, (float)KeptSide / Math.Max(upright.Width, upright.Height));
        var (width, height) = (Math.Max(1, (int)(upright.Width * scale)), Math.Max(1, (int)(upright.Height * scale)));
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        surface.Canvas.Clear(SKColors.Transparent);
        surface.Canvas.DrawImage(
            upright,
            SKRect.Create(width, height),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear),
            null
        );
        using var kept = surface.PeekPixels();
        using var png = kept.Encode(SKPngEncoderOptions.Default)!;
        return png.ToArray();
    }
}

using Signpost.Tests.Api;
using Signpost.Tests.Links;
using SkiaSharp;

namespace Signpost.Tests.QrCodes;

/// <summary>Pictures for the middle of QR codes.</summary>
internal static class Logos
{
    /// <summary>Dark and light squares, which a decoder takes for modules.</summary>
    public static byte[] Chequered(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(width, height);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
            bitmap.SetPixel(x, y, ((x * 9 / width) + (y * 7 / height)) % 2 == 0 ? SKColors.Black : SKColors.Orange);
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    public static HttpContent Body(byte[] picture, string name = "Bird") =>
        Bodies.Multipart(("name", name)).WithFile("picture", picture);

    public static async Task<long> AddAsync(ApiTests tests, byte[] picture, HttpClient? http = null)
    {
        var made = await tests.SendAsync(HttpMethod.Post, "/api/qr-logos", Body(picture), http);
        Assert.True((int)made.Status == 201, made.Body);
        return made.Json["data"]!["id"]!.GetValue<long>();
    }
}

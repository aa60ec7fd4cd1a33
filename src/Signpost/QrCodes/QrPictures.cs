using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Signpost.Files;
using Signpost.Hosting;

namespace Signpost.QrCodes;

/// <summary>A text to code, and how.</summary>
/// <param name="Text">Null: the link is gone.</param>
/// <param name="LogoFile">The name of the logo's file; null: there is no logo.</param>
internal sealed record CodedText(string? Text, QrLook Look, string? LogoFile);

/// <summary>
/// Draws QR codes on low-priority threads, so that redirects stay fast. Requests for the same picture at about the same time share it.
/// </summary>
internal sealed class QrPictures(HybridCache cache, FileCatalog files, TimeProvider clock) : IDisposable
{
    // Part of each tag: change it when pictures change.
    private const string Version = "1";

    private readonly Lazy<BackgroundThreads> _threads = new(() =>
        new("QR codes", ThreadShare.Low, Math.Max(1, Environment.ProcessorCount / 2), SharedReads.MostWaiting)
    );

    public SharedReads Reads { get; } = new(cache, clock, "QR codes");

    /// <summary>The entity tag of a picture, with its quotes. A picture with this tag never changes.</summary>
    public static string TagOf(CodedText code, string format)
    {
        var look = code.Look with { LogoId = null };
        var all = $"{Version}\n{format}\n{look}\n{code.LogoFile}\n{code.Text}";
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, 16))}\"";
    }

    /// <summary>Draws it; null: the text is too long for the error correction, or the picture too small for the text.</summary>
    /// <exception cref="TooBusyException">Too many other pictures are drawn at the moment.</exception>
    public ValueTask<Picture?> DrawAsync(CodedText code, string format, CancellationToken cancel) =>
        Reads.GetAsync(TagOf(code, format), unwanted => MakeAsync(code, format, unwanted), cancel);

    /// <summary>The smallest size in pixels for a code; null: its text is too long for the error correction.</summary>
    /// <exception cref="TooBusyException">Too many pictures are drawn at the moment.</exception>
    public Task<int?> LeastSizeAsync(CodedText code) =>
        RunAsync<int?>(() =>
            QrMatrix.TryMake(code.Text!, code.Look, code.LogoFile is not null) is { } matrix
                ? QrDrawing.LeastSize(matrix, code.Look)
                : null
        );

    /// <summary>Decodes an uploaded logo; null: it is damaged.</summary>
    /// <exception cref="TooBusyException">Too many pictures are drawn at the moment.</exception>
    public Task<byte[]?> DecodeLogoAsync(ReadOnlyMemory<byte> upload) => RunAsync(() => QrLogo.TryDecode(upload));

    public void Dispose()
    {
        Reads.Dispose();
        if (_threads.IsValueCreated)
            _threads.Value.Dispose();
    }

    private async Task<Picture?> MakeAsync(CodedText code, string format, CancellationToken cancel)
    {
        // A logo that was deleted meanwhile is left out.
        var logo = code.LogoFile is { } name ? (await files.FindAsync(name, cancel))?.Content : null;
        return await RunAsync(() => Make(code, logo, format));
    }

    private static Picture? Make(CodedText code, byte[]? logo, string format)
    {
        var type = QrDrawing.ContentTypeOf(format);
        if (code.Text is not { } text)
            return new(type, QrDrawing.DrawGone(code.Look, format));
        return
            QrMatrix.TryMake(text, code.Look, logo is not null) is { } matrix
            && code.Look.Size >= QrDrawing.LeastSize(matrix, code.Look)
            ? new(type, QrDrawing.Draw(matrix, code.Look, logo, format))
            : null;
    }

    private Task<T> RunAsync<T>(Func<T> work) =>
        _threads.Value.TryRun(work) ?? throw new TooBusyException("Too many QR codes are drawn at once.");
}

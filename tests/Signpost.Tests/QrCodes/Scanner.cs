using System.Diagnostics;
using System.Xml.Linq;
using Signpost.Testing;

namespace Signpost.Tests.QrCodes;

/// <summary>
/// Reads QR codes with zbar, a decoder that knows nothing of ours. librsvg draws SVG for it, and poppler PDF.
/// </summary>
internal sealed class Scanner : IDisposable
{
    private const string Script = """
        for file in *.svg; do [ ! -e "$file" ] || rsvg-convert --output "$file.png" "$file"; done
        for file in *.pdf; do [ ! -e "$file" ] || pdftoppm -png -r 96 -singlefile "$file" "$file"; done
        zbarimg --quiet --xml -Sdisable -Sqrcode.enable -- *.png
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signpost-qr-");

    /// <summary>The number of pictures to scan.</summary>
    public int Count { get; private set; }

    public Task AddAsync(string name, string format, byte[] picture)
    {
        Count++;
        return File.WriteAllBytesAsync(
            Path.Combine(_folder.FullName, $"{name}.{format}"),
            picture,
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>The text of each picture by its name; pictures without a code are absent.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync()
    {
        var start = new ProcessStartInfo("bash", ["-c", Script])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var scan = Process.Start(start)!;
        var errors = scan.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var xml = await scan.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).OrFail("zbar");
        Assert.True(xml.StartsWith('<'), $"{xml}\n{await errors}");
        return XElement
            .Parse(xml)
            .Elements()
            .Where(source => source.Descendants(source.Name.Namespace + "data").Any())
            .ToDictionary(
                source => Path.GetFileName((string)source.Attribute("href")!).Split('.')[0],
                source => source.Descendants(source.Name.Namespace + "data").Single().Value
            );
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Signpost.Web;

/// <summary>
/// The scripts and the style sheet of the pages for people of the server: files of our own, embedded from <c>Web/Assets</c>. The pages
/// work without the scripts, too.
/// </summary>
internal static class PageAssets
{
    private const string Prefix = "assets/";

    /// <summary>The parts of the one style sheet. The colours are those of all other pages.</summary>
    private static readonly string[] Styles =
    [
        "base.css",
        $"{Prefix}dashboard.css",
        $"{Prefix}linkform.css",
        $"{Prefix}statistics.css",
    ];

    private static readonly FrozenDictionary<string, Asset> Files = Read();

    /// <summary>A hash of all files. It is a folder of their addresses, so that a script imports others by relative addresses.</summary>
    private static readonly string Version = Hash();

    /// <summary>The address of a file. It changes with the content, so that browsers may keep the file for ever.</summary>
    public static string AddressOf(string name) =>
        Files.ContainsKey(name) ? $"/assets/{Version}/{name}" : throw new ArgumentOutOfRangeException(nameof(name));

    /// <summary>The scripts that other scripts import. Pages name them, so that browsers load all at once.</summary>
    public static IEnumerable<string> Modules { get; } =
    [.. Files.Keys.Where(name => name.EndsWith(".mjs", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static void MapPageAssets(this IEndpointRouteBuilder routes) =>
        routes
            .MapMethods("/assets/{version}/{name}", [HttpMethods.Get, HttpMethods.Head], Send)
            .ExcludeFromDescription();

    private static Results<FileContentHttpResult, NotFound> Send(HttpContext http, string version, string name)
    {
        var headers = http.Response.Headers;
        if (!Files.TryGetValue(name, out var file))
        {
            headers.CacheControl = "no-store";
            headers.XContentTypeOptions = "nosniff";
            return TypedResults.NotFound();
        }

        // A page of an older version may still be open.
        headers.CacheControl = version == Version ? "public, max-age=31536000, immutable" : "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (!AcceptsGzip(http.Request))
            return TypedResults.Bytes(file.Bytes, file.ContentType);
        headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(file.Compressed.Value, file.ContentType);
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptEncoding.Any(one =>
                one.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && one.Quality is not 0
            );

    private static FrozenDictionary<string, Asset> Read()
    {
        Dictionary<string, Asset> files = [];
        foreach (var resource in typeof(PageAssets).Assembly.GetManifestResourceNames())
            if (
                resource.StartsWith(Prefix, StringComparison.Ordinal)
                && !resource.EndsWith(".css", StringComparison.Ordinal)
            )
                files.Add(resource[Prefix.Length..], new(Text(resource)));
        files["dashboard.css"] = new(string.Concat(Styles.Select(Text)), "text/css; charset=utf-8");
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string Text(string resource)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, file) in Files.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(file.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private sealed class Asset(string text, string contentType = "text/javascript; charset=utf-8")
    {
        public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(text);
        public string ContentType => contentType;
        public Lazy<byte[]> Compressed { get; } = new(() => Compress(Encoding.UTF8.GetBytes(text)));

        private static byte[] Compress(byte[] bytes)
        {
            using MemoryStream result = new();
            using (GZipStream gzip = new(result, CompressionLevel.SmallestSize))
                gzip.Write(bytes);
            return result.ToArray();
        }
    }
}

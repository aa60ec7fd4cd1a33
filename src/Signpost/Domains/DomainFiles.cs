using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>
/// The two files of a custom domain that phones read to open its links in an app: <c>apple-app-site-association</c> (iOS) and
/// <c>assetlinks.json</c> (Android).
/// </summary>
internal static class DomainFiles
{
    public const string Apple = ReservedAliases.AppFile;
    public const string Android = "assetlinks.json";
    public const int MostBytes = 128 << 10;

    /// <summary>The problem of a text; null: it is a file that phones can read.</summary>
    /// <param name="kind">The type of the document.</param>
    public static string? ProblemOf(string text, JsonValueKind kind)
    {
        var expected = $"must be a JSON {(kind is JsonValueKind.Object ? "object" : "array")}";
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
            return $"must be at most {MostBytes >> 10} KiB";
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == kind ? null : expected;
        }
        catch (JsonException)
        {
            return expected;
        }
    }

    /// <summary>The content of a file; null: the domain has no such file.</summary>
    public static Task<string?> FindAsync(SignpostDb db, long domainId, string name, CancellationToken cancel) =>
        db
            .DomainFiles.Where(file => file.DomainId == domainId && file.Name == name)
            .Select(file => file.Content)
            .FirstOrDefaultAsync(cancel);

    /// <summary>Stores the files that were sent, and removes those that were cleared.</summary>
    public static async Task SaveAsync(SignpostDb db, long domainId, DomainChanges changes, CancellationToken cancel)
    {
        await SaveAsync(db, domainId, Apple, changes.AppleAppSiteAssociation, cancel);
        await SaveAsync(db, domainId, Android, changes.AssetLinks, cancel);
    }

    private static async Task SaveAsync(
        SignpostDb db,
        long domainId,
        string name,
        Optional<string?> content,
        CancellationToken cancel
    )
    {
        if (!content.IsPresent)
            return;
        if (await db.DomainFiles.FindAsync([domainId, name], cancel) is { } stored)
            db.DomainFiles.Remove(stored);
        await db.SaveChangesAsync(cancel);
        if (content.Value is { } text)
            db.DomainFiles.Add(
                new()
                {
                    DomainId = domainId,
                    Name = name,
                    Content = text,
                }
            );
        await db.SaveChangesAsync(cancel);
    }
}

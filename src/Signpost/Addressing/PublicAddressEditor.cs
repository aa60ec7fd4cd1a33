using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Addressing;

/// <summary>
/// Keeps the public address that somebody gave in the browser, in the database. SIGNPOST_PUBLIC_URL wins over it, and only that
/// setting makes the server refuse other hosts.
/// </summary>
internal sealed class PublicAddressEditor(Database database, PublicAddress address, DomainDirectory domains)
{
    private const int Longest = 512;

    /// <summary>Keeps an address. It is in use when this returns.</summary>
    /// <param name="text">As a person types it; empty or null: forgets the kept address.</param>
    /// <returns>The problem with the text, as a sentence; null: the address is kept.</returns>
    public async Task<string?> KeepAsync(string? text, CancellationToken cancel)
    {
        Uri? url = null;
        if (text?.Trim() is { Length: > 0 } typed && (typed.Length > Longest || !PublicUrl.TryParse(typed, out url)))
            return $"The public address is not valid. Allowed: {PublicUrl.Allowed}.";

        await database.WriteRawAsync(
            (connection, transaction) =>
            {
                connection.Run(
                    transaction,
                    "DELETE FROM kept_settings WHERE name = @name",
                    ("@name", PublicAddress.Setting)
                );
                if (url is not null)
                    connection.Run(
                        transaction,
                        "INSERT INTO kept_settings (name, value) VALUES (@name, @value)",
                        ("@name", PublicAddress.Setting),
                        ("@value", PublicUrl.TextOf(url))
                    );
                database.AfterCommit(() => Use(url), () => Use(PublicAddress.Kept(database)));
                return true;
            },
            cancel
        );
        return null;
    }

    // A custom domain with the same host is no longer served.
    private void Use(Uri? url)
    {
        address.Know(url);
        domains.Reload();
    }
}

using System.Text;
using Signpost.Storage;

namespace Signpost.Addressing;

/// <summary>
/// Keeps the public address that somebody gave in the browser, in the database. SIGNPOST_PUBLIC_URL wins over it, and only that
/// setting makes the server refuse other hosts.
/// </summary>
internal sealed class PublicAddressEditor(Database database, PublicAddress address)
{
    private const int Longest = 512;

    /// <summary>Keeps an address. It is in use when this returns.</summary>
    /// <param name="text">As a person types it; empty or null: keeps nothing.</param>
    /// <returns>The problem with the text, as a sentence; null: the address is kept.</returns>
    public async Task<string?> KeepAsync(string? text, CancellationToken cancel)
    {
        if (text?.Trim() is not { Length: > 0 } typed)
            return null;
        if (typed.Length > Longest || PublicAddress.Read(typed) is not { } url)
            return "The public address is not valid.";

        await database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    INSERT INTO secrets (name, value) VALUES (@name, @value)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """,
                    ("@name", PublicAddress.Setting),
                    ("@value", Encoding.UTF8.GetBytes(url.GetLeftPart(UriPartial.Authority)))
                ),
            cancel
        );
        address.Know(url);
        return null;
    }
}

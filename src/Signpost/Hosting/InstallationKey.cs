using System.Security.Cryptography;
using Signpost.Storage;

namespace Signpost.Hosting;

/// <summary>
/// A key that is drawn once and kept in the database, so that every node can check the signatures of every other, also after
/// restarts. It is in memory from the start on, because the redirect's path checks signatures and never waits for a database.
/// </summary>
internal sealed class InstallationKey(Database database)
{
    /// <summary>The name of the row that holds it.</summary>
    public const string Name = "installation";

    private const int Bytes = 32;

    private byte[]? _key;

    public ReadOnlySpan<byte> Value => _key ?? throw new InvalidOperationException("The key was not loaded at start.");

    public async Task LoadAsync(CancellationToken cancel) =>
        _key = Find() ?? await DrawAsync(cancel) ?? throw new InvalidOperationException("The key could not be stored.");

    private byte[]? Find()
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(null, "SELECT value FROM secrets WHERE name = @name", ("@name", Name));
        return command.ExecuteScalar() as byte[];
    }

    // Another node may draw a key at the same moment: the first one counts for all.
    private async Task<byte[]?> DrawAsync(CancellationToken cancel)
    {
        await database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "INSERT INTO secrets (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING",
                    ("@name", Name),
                    ("@value", RandomNumberGenerator.GetBytes(Bytes))
                ),
            cancel
        );
        return Find();
    }
}

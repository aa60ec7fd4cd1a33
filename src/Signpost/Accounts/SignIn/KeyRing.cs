using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>
/// Keeps the keys that protect cookies in the database, so that people stay signed in after a restart, and every node reads
/// cookies of another node.
/// </summary>
internal sealed class KeyRing(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.OpenRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT xml FROM protection_keys ORDER BY id";
        using var rows = command.ExecuteReader();
        List<XElement> elements = [];
        while (rows.Read())
            elements.Add(XElement.Parse(rows.GetString(0)));
        return elements;
    }

    public void StoreElement(XElement element, string friendlyName) =>
        // The interface waits; a new key is made once in 90 days.
        database
            .WriteRawAsync(
                (connection, transaction) =>
                    connection.Run(
                        transaction,
                        "INSERT INTO protection_keys (name, xml) VALUES (@name, @xml)",
                        ("@name", friendlyName),
                        ("@xml", element.ToString(SaveOptions.DisableFormatting))
                    ),
                CancellationToken.None
            )
            .GetAwaiter()
            .GetResult();
}

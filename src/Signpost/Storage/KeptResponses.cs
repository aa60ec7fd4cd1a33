using System.Data.Common;
using System.Text;

namespace Signpost.Storage;

/// <summary>Forgets responses that are kept for an Idempotency-Key, because they name something that is erased.</summary>
internal static class KeptResponses
{
    /// <summary>Forgets the responses to the request that made one resource, and to all edits of it.</summary>
    /// <param name="path">Where such resources are made: <c>/api/links</c>.</param>
    /// <param name="accountId">The account that sent the requests; null: any.</param>
    public static int Forget(
        DbConnection connection,
        DbTransaction transaction,
        string path,
        long id,
        long? accountId = null
    ) =>
        connection.Run(
            transaction,
            $"""
            DELETE FROM kept_answers
            WHERE (account_id = @account OR @account IS NULL) AND (path = @own OR path LIKE @below
                OR (path = @made AND {Dialect.Of(connection).Contains("body", "@named")}))
            """,
            ("@account", accountId),
            ("@own", $"{path}/{id}"),
            ("@below", $"{path}/{id}/%"),
            ("@made", path),
            ("@named", Encoding.UTF8.GetBytes($"\"id\":{id},"))
        );

    /// <summary>Forgets the responses to an account's requests below a path whose bodies hold these bytes.</summary>
    public static int ForgetWith(
        DbConnection connection,
        DbTransaction transaction,
        string path,
        long accountId,
        byte[] bytes
    ) =>
        connection.Run(
            transaction,
            $"DELETE FROM kept_answers WHERE account_id = @account AND (path = @path OR path LIKE @below) AND {Dialect.Of(connection).Contains("body", "@bytes")}",
            ("@account", accountId),
            ("@path", path),
            ("@below", $"{path}/%"),
            ("@bytes", bytes)
        );

    /// <summary>Forgets the responses about one link, and about QR codes that coded it then, to its account.</summary>
    public static void ForgetLink(DbConnection connection, DbTransaction transaction, long id, long accountId)
    {
        var coded = Encoding.UTF8.GetBytes($"\"link_id\":{id},");
        ForgetWith(connection, transaction, "/api/qr-codes", accountId, coded);
        foreach (var path in (string[])["/api/links", "/api/trash"])
            Forget(connection, transaction, path, id, accountId);
    }

    /// <summary>Forgets all responses about links, and QR codes of links, of the accounts that own these links.</summary>
    public static int ForgetLinks(
        DbConnection connection,
        DbTransaction transaction,
        IReadOnlyCollection<long> links
    ) =>
        connection.Run(
            transaction,
            """
            DELETE FROM kept_answers WHERE account_id IN (SELECT account_id FROM links WHERE id IN (@links))
                AND (path IN ('/api/links', '/api/qr-codes') OR path LIKE '/api/links/%' OR path LIKE '/api/qr-codes/%' OR path LIKE '/api/trash/%')
            """,
            ("@links", links)
        );
}

using Signpost.Core.Clicks;
using Signpost.Storage;

namespace Signpost.Clicks.Classifying;

/// <summary>
/// The hosts by which requests came. Only the server's own hosts are among them: what a visitor sends as the host is not kept. For one
/// thread.
/// </summary>
/// <param name="publicUrl">The public address of the main domain.</param>
internal sealed class ClickHosts(Database database, Func<string> publicUrl)
{
    private const int MostKnown = 10_000;

    // The host of a domain never changes.
    private readonly Dictionary<long, string?> _known = [];
    private string? _publicUrl;
    private string? _mainHost;

    /// <summary>The host, in lower case and without port; null: its domain is gone.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read just now.</exception>
    public string? Of(in JournaledClick click) => Of(click.HostId is not 0 and var host ? host : click.DomainId);

    private string? Of(long domainId)
    {
        if (domainId == 0)
            return MainHost();
        if (_known.TryGetValue(domainId, out var known))
            return known;

        if (_known.Count == MostKnown)
            _known.Clear();
        return _known[domainId] = Read(domainId);
    }

    private string? MainHost()
    {
        var url = publicUrl();
        if (url != _publicUrl)
            (_publicUrl, _mainHost) = (url, new Uri(url).IdnHost.ToLowerInvariant());
        return _mainHost;
    }

    private string? Read(long domainId)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(null, "SELECT host FROM domains WHERE id = @id", ("@id", domainId));
        return command.ExecuteScalar() as string;
    }
}

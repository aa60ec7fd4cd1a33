using DnsClient;
using Signpost.Hosting;

namespace Signpost.Domains;

/// <summary>The result of a DNS query for the TXT records of a name.</summary>
internal abstract record TxtAnswer
{
    private TxtAnswer() { }

    /// <summary>All TXT records; empty if the name does not exist or has none.</summary>
    public sealed record Known(IReadOnlyList<string> Texts) : TxtAnswer;

    /// <summary>No server answered, or none gave a usable answer.</summary>
    public sealed record Unknown : TxtAnswer;
}

/// <summary>Asks the DNS for TXT records, a few at a time, without a cache.</summary>
internal sealed class TxtRecords(SignpostSettings settings) : IDisposable
{
    private const int MostAtOnce = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _room = new(MostAtOnce);

    // Made at first use: it takes time to find the system's resolvers, and most servers never need them.
    private readonly Lazy<LookupClient> _client = new(() => new LookupClient(Options(settings)));

    private int _waiting;
    private long _unanswered;

    /// <summary>The number of queries that wait or run.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The number of queries since the start without a usable answer.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    public async Task<TxtAnswer> ReadAsync(string name, CancellationToken cancel)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _room.WaitAsync(cancel);
            var answer = await AskAsync(name, cancel);
            if (answer is TxtAnswer.Unknown)
                Interlocked.Increment(ref _unanswered);
            return answer;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _room.Dispose();

    // The caller has taken the room that this gives back.
    private async Task<TxtAnswer> AskAsync(string name, CancellationToken cancel)
    {
        try
        {
            var answer = await _client.Value.QueryAsync(name, QueryType.TXT, QueryClass.IN, cancel);
            // "The name does not exist" is an answer. "The server failed" and "the server refused" are not.
            if (
                answer.Header.ResponseCode
                is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain)
            )
                return new TxtAnswer.Unknown();

            // A text longer than 255 bytes comes in pieces.
            return new TxtAnswer.Known([.. answer.Answers.TxtRecords().Select(record => string.Concat(record.Text))]);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // Nobody answered, or the answer cannot be read. The parser throws many kinds of exceptions for such bytes.
            return new TxtAnswer.Unknown();
        }
        finally
        {
            _room.Release();
        }
    }

    private static LookupClientOptions Options(SignpostSettings settings)
    {
        var options = settings.DnsResolver is { } resolver
            ? new LookupClientOptions(resolver)
            : new LookupClientOptions();
        options.UseCache = false;
        options.Timeout = Patience;
        options.Retries = 1;
        // An answer that does not fit into a datagram is requested again over TCP.
        options.UseTcpFallback = true;
        options.ThrowDnsErrors = false;
        return options;
    }
}

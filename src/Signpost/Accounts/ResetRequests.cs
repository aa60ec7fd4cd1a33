using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Mail;
using Signpost.Storage;
using Signpost.Web;

namespace Signpost.Accounts;

/// <summary>
/// Mails a one-time address to people who forgot their password. A request does the same for every e-mail address: it leaves it here.
/// Only later, in the background, Signpost looks whether the address has an account, so neither the response nor its duration tells it.
/// </summary>
internal sealed partial class ResetRequests : BackgroundService
{
    private const int MostWaiting = 256;

    /// <summary>An address in a mail works so long.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private static readonly Allowance PerEmail = new(3, TimeSpan.FromHours(1));
    private static readonly Allowance PerNetwork = new(20, TimeSpan.FromHours(1));

    private readonly Database _database;
    private readonly OneTimeAddresses _addresses;
    private readonly MailQueue _mails;
    private readonly AttemptLimiter _limiter;
    private readonly AuditLog _audit;
    private readonly ILogger<ResetRequests> _logger;
    private readonly Channel<Asked> _asked;
    private long _refused;

    public ResetRequests(
        Database database,
        OneTimeAddresses addresses,
        MailQueue mails,
        AttemptLimiter limiter,
        AuditLog audit,
        ILogger<ResetRequests> logger
    )
    {
        (_database, _addresses, _mails, _limiter, _audit) = (database, addresses, mails, limiter, audit);
        _logger = logger;
        _asked = Channel.CreateBounded<Asked>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite },
            _ => Interlocked.Increment(ref _refused)
        );
    }

    /// <summary>The number of requests that wait.</summary>
    public int Waiting => _asked.Reader.Count;

    /// <summary>The number of requests since the start that were dropped, because too many waited.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Asks for a mail. Returns the time to wait if there were too many requests, else null.</summary>
    /// <param name="email">An e-mail address, with or without an account.</param>
    public TimeSpan? Ask(string email, Origin origin)
    {
        var name = Person.Normalize(email);
        if (
            (
                _limiter.Take($"reset {ClientNetwork.One(origin.Address)}", PerNetwork)
                ?? _limiter.Take($"reset for {name}", PerEmail)
            ) is
            { } wait
        )
            return wait;
        _asked.Writer.TryWrite(new(name, origin.Network));
        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var asked in _asked.Reader.ReadAllAsync(stoppingToken))
                await AddAsync(asked);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            while (_asked.Reader.TryRead(out var left))
                await AddAsync(left);
        }
    }

    // Never cancelled: the request was taken from the queue.
    private async Task AddAsync(Asked asked)
    {
        try
        {
            await using (var db = _database.Read())
                if (!await Able(db, asked).AnyAsync())
                    return;
            await _database.WriteAsync(db => AddAsync(db, asked), CancellationToken.None);
        }
        catch (Exception error)
        {
            Interlocked.Increment(ref _refused);
            LogDropped(error);
        }
    }

    private async Task<int> AddAsync(SignpostDb db, Asked asked)
    {
        if (await Able(db, asked).FirstOrDefaultAsync() is not { } person)
            return 0;
        var url = await _addresses.MakeAsync(
            db,
            OneTimeUse.PasswordReset,
            person,
            person.Email!,
            Life,
            CancellationToken.None
        );
        _mails.Add(db, new("reset", person.Email!, person.Id, person.Language, Life) { Url = url });
        _audit.Add(db, new(AuditEvent.PasswordResetAsked, person.Id, ActorId: null, asked.Network));
        return await db.SaveChangesAsync();
    }

    private static IQueryable<Person> Able(SignpostDb db, Asked asked) =>
        // A mail must not give a password to people who sign in through the provider only.
        db.People.Where(person =>
            person.NormalizedEmail == asked.Email && !person.IsDisabled && person.PasswordHash != null
        );

    private sealed record Asked(string Email, string Network);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A request for a new password was dropped, because the database failed"
    )]
    private partial void LogDropped(Exception error);
}

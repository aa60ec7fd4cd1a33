using System.Net;
using Signpost.Testing;

namespace Signpost.FaultTests.Visiting;

/// <summary>Visitors that follow links as fast as responses arrive, each over its own keep-alive connection.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly TaskCompletionSource<bool> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IPEndPoint _server;
    private readonly Ledger _ledger;
    private readonly List<(Tally Tally, byte[] Request)> _links;
    private readonly int _pipelined;
    private readonly Task _all;
    private int _closes;

    private Crowd(IPEndPoint server, Ledger ledger, int visitors, int pipelined)
    {
        (_server, _ledger, _pipelined) = (server, ledger, pipelined);
        _links = [.. ledger.Tallies.Select(tally => (tally, Visitor.Request(tally.Link.Path)))];
        _all = Task.WhenAll(Enumerable.Range(0, visitors).Select(VisitAsync));
    }

    /// <summary>Completes with the first response.</summary>
    public Task<bool> Begun => _begun.Task;

    /// <summary>The number of responses with "Connection: close".</summary>
    public int Closes => Volatile.Read(ref _closes);

    /// <param name="pipelined">How many requests each sends before it reads the responses.</param>
    public static Crowd Gather(IPEndPoint server, Ledger ledger, int visitors, int pipelined = 1) =>
        new(server, ledger, visitors, pipelined);

    /// <summary>Waits until all have gone because the server has.</summary>
    public Task GoneAsync() => _all.OrFail("The end of the visits");

    /// <summary>Stops all visitors: each reads the responses for which it still waits.</summary>
    public async Task DismissAsync()
    {
        await _enough.CancelAsync();
        await GoneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DismissAsync();
        _enough.Dispose();
    }

    private async Task VisitAsync(int number)
    {
        await Task.Yield();
        var next = number;
        while (!_enough.IsCancellationRequested)
        {
            using var visitor = await Visitor.ConnectAsync(_server, CancellationToken.None);
            if (visitor is null)
                return;

            try
            {
                var goesOn = true;
                while (goesOn && !_enough.IsCancellationRequested)
                {
                    goesOn = _pipelined == 1 ? await OneAsync(visitor, next) : await SomeAsync(visitor, next);
                    next++;
                }
            }
            catch (UnansweredException error)
            {
                _ledger.Unanswered.Enqueue($"{error.Message} {error.InnerException?.Message}");
            }
        }
    }

    private async Task<bool> OneAsync(Visitor visitor, int number)
    {
        var (tally, request) = _links[number % _links.Count];
        tally.Send();
        return Note(tally, await visitor.AskAsync(request, CancellationToken.None));
    }

    private async Task<bool> SomeAsync(Visitor visitor, int number)
    {
        var (tally, request) = _links[number % _links.Count];
        var requests = new byte[request.Length * _pipelined];
        for (var i = 0; i < _pipelined; i++)
        {
            tally.Send();
            request.CopyTo(requests, i * request.Length);
        }

        await visitor.SendAsync(requests, CancellationToken.None);
        var goesOn = true;
        for (var i = 0; i < _pipelined; i++)
            goesOn &= Note(tally, await visitor.ReadAsync(CancellationToken.None));
        return goesOn;
    }

    private bool Note(Tally tally, Answer answer)
    {
        _begun.TrySetResult(true);
        if (!tally.Note(answer))
            _ledger.Surprises.Enqueue($"{tally.Link.Alias}: {answer}");
        if (answer.Closes)
            Interlocked.Increment(ref _closes);
        return !answer.Closes;
    }
}

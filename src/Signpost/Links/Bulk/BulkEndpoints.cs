using System.Collections.Frozen;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Hosting;

namespace Signpost.Links.Bulk;

/// <summary>Changes of many links over HTTP. <see cref="BulkEditor"/> and <see cref="BulkCatalog"/> make the decisions.</summary>
internal static class BulkEndpoints
{
    public static void AddBulkChanges(this IServiceCollection services)
    {
        services.AddSingleton<BulkEditor>();
        services.AddSingleton<BulkCatalog>();
        // The editor knows the runner of jobs, which knows the worker.
        services.AddSingleton(all => new Lazy<LinkEditor>(all.GetRequiredService<LinkEditor>));
        services.AddWorker<BulkWorker>();
        services.AddSingleton<IAccountResources, BulkChangesOfAccount>();
    }

    public static void MapBulkChanges(this IEndpointRouteBuilder api)
    {
        api.MapPost("/links/bulk", Begin)
            .WithTags("Links")
            .Scoped(Scopes.LinksWrite)
            .Describe(
                "changeLinks",
                "Change or delete many links",
                "The query holds the filters of the list, the body the change. The links that match now are changed one after the other, after the response; Location is where to read the progress. Filters need the scope links:read."
            )
            .WithQuery(BulkFields.Query)
            .WithNewBody(BulkFields.Body)
            .Fails(400, 409);
        api.MapGet("/jobs/{id}", Get)
            .WithTags("Links")
            .Scoped(Scopes.LinksWrite)
            .Describe("getJob", "Read the progress of a change of many links");
        api.MapDelete("/jobs/{id}", Cancel)
            .WithTags("Links")
            .Scoped(Scopes.LinksWrite)
            .Describe(
                "cancelJob",
                "Cancel a change of many links",
                "It ends before the next link. Links that are changed already stay so."
            );
    }

    private static async Task<Accepted<BulkResponse>> Begin(
        HttpContext http,
        BulkEditor editor,
        EditEndpoint edits,
        ShortAddresses addresses,
        CaseRules rules,
        PublicAddress address,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var (host, schemes) = (
            http.Request.Headers.Host.ToString(),
            http.RequestServices.GetRequiredService<SignpostSettings>().AppSchemes
        );
        var body = await BodyReader.ReadAsync(http.Request, FrozenDictionary<string, int>.Empty, cancel);
        var request = BulkFields.Read(
            http.Query(),
            body,
            caller.TimeZone,
            schemes,
            read =>
                LinkQuery.Read(read, schemes, text => addresses.Find(text, host)) with
                {
                    CaseSensitive = rules.Keeping,
                }
        );
        // The counts of a filter tell about links.
        if (request.Query is not null && !caller.May(Scopes.LinksRead))
            return new(ApiResult.Refused(new Refusal.Forbidden()));
        request = request with { Change = request.Change with { AskedHost = host } };
        return await edits.AcceptAsync<ResourceId, BulkResponse>(
            http,
            request,
            afterwards => editor.BeginAsync(caller, request, afterwards, cancel),
            id => $"{address.Url}/api/jobs/{id}",
            async (db, begun, stop) => (await BulkCatalog.FindAsync(db, caller, begun.Id, stop))!,
            cancel
        );
    }

    private static async Task<Found<BulkResponse>> Get(
        HttpContext http,
        PathId id,
        BulkCatalog catalog,
        CancellationToken cancel
    ) => await catalog.FindAsync(http.Caller(), id, cancel);

    private static async Task<Deleted> Cancel(
        HttpContext http,
        PathId id,
        BulkEditor editor,
        CancellationToken cancel
    ) => Deleted.Of(await editor.CancelAsync(http.Caller(), id, cancel));
}

/// <summary>Erases the changes of an account that is deleted, or that gives its links away: they end where they are.</summary>
internal sealed class BulkChangesOfAccount(Slices slices) : IAccountResources
{
    public Task<bool> AnyAsync(long accountId, CancellationToken cancel) => Task.FromResult(false);

    public Task DeleteAsync(long accountId, CancellationToken cancel) =>
        slices.RunAsync(
            slice => slice.Delete("bulk_changes", "account_id = @account", ("@account", accountId)),
            cancel
        );

    public Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel) =>
        DeleteAsync(fromAccountId, cancel);
}

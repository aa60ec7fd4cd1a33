using System.Globalization;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Links;
using static Signpost.Dashboard.Shell.DashboardPage;
using static Signpost.Dashboard.Things.ThingsPage;

namespace Signpost.Dashboard.Things;

/// <summary>Reads and writes one kind of thing for its page, as the API does.</summary>
internal abstract class Things(ThingKind kind)
{
    public ThingKind Kind => kind;

    public abstract Scopes ReadScope { get; }

    public abstract Scopes WriteScope { get; }

    /// <summary>The part of the list that an address asks for.</summary>
    public abstract ResourceQuery QueryOf(FieldReader read);

    public abstract Task<(IReadOnlyList<ThingRow> Rows, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    );

    /// <summary>Null: the account has no such thing.</summary>
    public abstract Task<ThingRow?> FindAsync(Caller caller, long id, CancellationToken cancel);

    /// <summary>Creates or changes a thing; also returns the warnings.</summary>
    /// <param name="id">Null: it creates one.</param>
    public abstract Task<(EditResult<ResourceId> Result, IReadOnlyList<Warning> Warnings)> SaveAsync(
        Caller caller,
        long? id,
        FieldReader read,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    );

    public abstract Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, CancellationToken cancel);
}

/// <inheritdoc cref="Things"/>
/// <param name="links">Counts the links of things; null: a thing says their number itself.</param>
internal sealed class Things<TResponse, TChanges>(
    ThingKind kind,
    Resource<TResponse, TChanges> resource,
    IResourceCatalog<TResponse> catalog,
    IResourceEditor<TChanges> editor,
    Func<Caller, long[], CancellationToken, Task<IReadOnlyDictionary<long, long>>>? links = null
) : Things(kind)
    where TResponse : WarnedResponse
    where TChanges : IChanges
{
    public override Scopes ReadScope => resource.ReadScope;

    public override Scopes WriteScope => resource.WriteScope;

    public override ResourceQuery QueryOf(FieldReader read) =>
        ResourceQuery.Read(read, resource.Filters, resource.IdName);

    public override async Task<(IReadOnlyList<ThingRow> Rows, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        var (items, total) = await catalog.ListAsync(caller, query, cancel);
        return (await RowsAsync(caller, items, cancel), total);
    }

    public override async Task<ThingRow?> FindAsync(Caller caller, long id, CancellationToken cancel) =>
        await catalog.FindAsync(caller, id, cancel) is { } item ? (await RowsAsync(caller, [item], cancel))[0] : null;

    public override async Task<(EditResult<ResourceId> Result, IReadOnlyList<Warning> Warnings)> SaveAsync(
        Caller caller,
        long? id,
        FieldReader read,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        var changes = resource.Read(read, id is null);
        var result = id is { } known
            ? await editor.UpdateAsync(caller, known, changes, afterwards, cancel)
            : await editor.CreateAsync(caller, changes, afterwards, cancel);
        return (result, changes.Warnings);
    }

    public override Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, CancellationToken cancel) =>
        editor.DeleteAsync(caller, id, new(), cancel);

    private async Task<IReadOnlyList<ThingRow>> RowsAsync(
        Caller caller,
        IReadOnlyList<TResponse> items,
        CancellationToken cancel
    )
    {
        List<FormValues> all = [.. items.Select(FormValues.Of)];
        var counts = links is null ? null : await links(caller, [.. all.Select(IdOf)], cancel);
        return
        [
            .. all.Select(values =>
            {
                var count = counts?.GetValueOrDefault(IdOf(values)) ?? Number(values["links"]);
                var isExact = counts is null || Kind.LinkFilter is not null || count <= LinkUses.MostCounted;
                return new ThingRow(
                    IdOf(values),
                    values,
                    CreatedOf(values, caller.TimeZone),
                    isExact ? count : LinkUses.MostCounted,
                    isExact
                );
            }),
        ];
    }

    private static long IdOf(FormValues values) => Number(values["id"]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset CreatedOf(FormValues values, TimeZoneInfo zone) =>
        LocalTime.TryParse(values["datetime"], zone, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : default;
}

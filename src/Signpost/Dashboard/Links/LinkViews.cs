using System.Globalization;
using System.Text.Json;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Presets;

namespace Signpost.Dashboard.Links;

/// <summary>The saved views of the list of links: the views of the API, whose values have the names of the page's parameters.</summary>
internal sealed class LinkViews(
    IResourceCatalog<ViewResponse> catalog,
    IResourceEditor<PresetChanges<ViewResponse>> editor
)
{
    /// <summary>The views of the account, by name.</summary>
    public async Task<IReadOnlyList<LinksPage.SavedView>> ListAsync(Caller caller, CancellationToken cancel)
    {
        var (views, _) = await catalog.ListAsync(caller, LinkLists.AllByName, cancel);
        return [.. views.Select(Of)];
    }

    /// <summary>One view; null: the account has no such view.</summary>
    public async Task<LinksPage.SavedView?> FindAsync(Caller caller, long id, CancellationToken cancel) =>
        await catalog.FindAsync(caller, id, cancel) is { } view ? Of(view) : null;

    /// <param name="list">The filters and the order.</param>
    public Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        string name,
        LinksPage.LinkListAddress list,
        CancellationToken cancel
    ) => editor.CreateAsync(caller, Changes(caller, name, list, isNew: true), afterwards: null, cancel);

    /// <param name="name">Null: it keeps its name.</param>
    /// <param name="list">Null: it keeps its filters and its order.</param>
    public Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        string? name,
        LinksPage.LinkListAddress? list,
        CancellationToken cancel
    ) => editor.UpdateAsync(caller, id, Changes(caller, name, list, isNew: false), afterwards: null, cancel);

    public Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, CancellationToken cancel) =>
        editor.DeleteAsync(caller, id, new Fields(), cancel);

    private static PresetChanges<ViewResponse> Changes(
        Caller caller,
        string? name,
        LinksPage.LinkListAddress? list,
        bool isNew
    )
    {
        Fields fields = new();
        if (name is not null)
            fields.Add("name", new FieldValue.Text(name));
        if (list is not null)
            fields.Add("value", new FieldValue.Text(JsonSerializer.Serialize(list.Bare.Values)));
        return PresetFields.Read<ViewResponse>(new FieldReader(fields, caller.TimeZone), isNew);
    }

    // A program may have saved any JSON. The page takes what it knows.
    private static LinksPage.SavedView Of(ViewResponse view)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        if (view.Value.ValueKind is JsonValueKind.Object)
            foreach (var one in view.Value.EnumerateObject())
                if (LinksPage.LinkListAddress.Names.Contains(one.Name) && TextOf(one.Value) is { Length: > 0 } text)
                    values[one.Name] = text;
        values.Remove(LinksPage.LinkListAddress.View);
        return new(view.Id, view.Name, new(values));
    }

    private static string? TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.TryGetInt64(out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : null,
            JsonValueKind.True => "1",
            JsonValueKind.False => "0",
            JsonValueKind.Array when value.GetArrayLength() == 1 => TextOf(value[0]),
            _ => null,
        };
}

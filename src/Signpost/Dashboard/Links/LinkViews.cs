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
    private const string Flag = LinksPage.LinkListAddress.Flag;

    /// <summary>The views of the account, by name.</summary>
    public async Task<IReadOnlyList<LinksPage.SavedView>> ListAsync(Caller caller, CancellationToken cancel)
    {
        var (views, _) = await catalog.ListAsync(caller, LinkLists.AllByName, cancel);
        return [.. views.Select(Of)];
    }

    /// <summary>One view; null: the account has no such view.</summary>
    public async Task<LinksPage.SavedView?> FindAsync(Caller caller, long id, CancellationToken cancel) =>
        await catalog.FindAsync(caller, id, cancel) is { } view ? Of(view) : null;

    /// <summary>The value of a view that has these filters and this order, in JSON.</summary>
    public static string ValueOf(LinksPage.LinkListAddress list) =>
        JsonSerializer.Serialize(
            list.Bare.Values.ToDictionary(
                one => one.Key,
                one => one.Key is Flag && list.Flags.Length > 1 ? list.Flags : (object)one.Value
            )
        );

    /// <param name="value">The value of the view, in JSON.</param>
    public Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        string name,
        string value,
        CancellationToken cancel
    ) => editor.CreateAsync(caller, Changes(caller, name, value, isNew: true), afterwards: null, cancel);

    /// <param name="name">Null: it keeps its name.</param>
    /// <param name="value">The value of the view, in JSON; null: it keeps its value.</param>
    public Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        string? name,
        string? value,
        CancellationToken cancel
    ) => editor.UpdateAsync(caller, id, Changes(caller, name, value, isNew: false), afterwards: null, cancel);

    public Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, CancellationToken cancel) =>
        editor.DeleteAsync(caller, id, new Fields(), cancel);

    private static PresetChanges<ViewResponse> Changes(Caller caller, string? name, string? value, bool isNew)
    {
        Fields fields = new();
        if (name is not null)
            fields.Add("name", new FieldValue.Text(name));
        if (value is not null)
            fields.Add("value", new FieldValue.Text(value));
        return PresetFields.Read<ViewResponse>(new FieldReader(fields, caller.TimeZone), isNew);
    }

    // A program may have saved any JSON. The page takes the values that it knows.
    private static LinksPage.SavedView Of(ViewResponse view)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        var isWhole = view.Value.ValueKind is JsonValueKind.Object;
        if (isWhole)
            foreach (var one in view.Value.EnumerateObject())
                if (!IsKnown(one.Name) || (one.Name is Flag ? FlagsOf(one.Value) : TextOf(one.Value)) is not { } text)
                    isWhole = false;
                else if (text is not "")
                    values[one.Name] = text;
        return new(view.Id, view.Name, new(values), view.Value.GetRawText(), !isWhole);
    }

    private static bool IsKnown(string name) =>
        name is not LinksPage.LinkListAddress.View && LinksPage.LinkListAddress.Names.Contains(name);

    // The page takes several settings of links, and one value of all else.
    private static string? FlagsOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array
        && value.EnumerateArray().All(one => one.ValueKind is JsonValueKind.String)
            ? string.Join(',', value.EnumerateArray().Select(one => one.GetString()).Order(StringComparer.Ordinal))
            : TextOf(value);

    // Null: the page cannot show it. An empty value is no filter.
    private static string? TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.TryGetInt64(out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : null,
            JsonValueKind.True => "1",
            JsonValueKind.False => "0",
            JsonValueKind.Null => "",
            JsonValueKind.Array when value.GetArrayLength() == 0 => "",
            JsonValueKind.Array when value.GetArrayLength() == 1 => TextOf(value[0]),
            _ => null,
        };
}

using System.Globalization;
using System.Text.Json;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Presets;
using Signpost.QrCodes;
using Signpost.Web.Languages;
using static Signpost.Dashboard.QrCodes.QrDesignPage;

namespace Signpost.Dashboard.QrCodes;

/// <summary>The form of a QR code: its fields are those of the API, and the editors of the API keep codes, logos and looks.</summary>
internal sealed class QrDesigner(
    LinkCatalog links,
    IResourceCatalog<QrCodeResponse> codes,
    IResourceEditor<QrCodeChanges> editor,
    IResourceCatalog<QrLogoResponse> logos,
    IResourceEditor<QrLogoChanges> logoEditor,
    IResourceCatalog<QrPresetResponse> presets,
    IResourceEditor<PresetChanges<QrPresetResponse>> presetEditor,
    QrSketches sketches,
    FormKeys keys,
    DashboardPages pages,
    Toasts toasts,
    OwnLanguages languages,
    PublicAddress address
)
{
    private const string Logo = "logo";
    private const string Picture = "picture";
    private const string PresetName = "preset_name";
    private const int LongestName = 64;

    private static readonly string[] AllFields =
    [
        "name",
        "url",
        "url_dynamic",
        "link_id",
        PresetName,
        .. QrDesign.LookFields,
    ];

    private static readonly ResourceQuery ByName = new(
        new("name"),
        new(new(1, Paging.LargestSize), ByLastEdit: false, From: null, To: null, OrderBy: "name", Ascending: true)
    );

    /// <param name="id">The id of a kept code; null: a new one, whose fields may stand in the address.</param>
    public async Task ShowAsync(HttpContext http, long? id)
    {
        if (await FindAsync(http, id) is not { } design)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        var query = http.Request.Query;
        var asked = id is null
            ? AllFields.Where(query.ContainsKey).ToDictionary(name => name, name => $"{query[name]}")
            : [];
        await WriteAsync(http, With(design, asked), StatusCodes.Status200OK);
    }

    /// <summary>Does what the pressed button says.</summary>
    public async Task SaveAsync(HttpContext http, long? id)
    {
        if (await FindAsync(http, id) is not { } stored)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        var form = http.Request.Form;
        var typed = AllFields
            .Where(name => name is not "link_id" || id is null)
            .ToDictionary(name => name, name => $"{form[name]}");
        var (design, uploadErrors) = await UploadAsync(http, With(stored, typed));
        (QrDesign Design, IReadOnlyList<FieldError>? Errors) done = (design, uploadErrors);
        if (uploadErrors is [])
            done = $"{form["do"]}" switch
            {
                "preset" => (await UseAsync(http, design, $"{form["preset"]}"), []),
                "keep" => await KeepLookAsync(http, design),
                "preview" => (design, await ProblemsAsync(http, design)),
                _ => (design, await KeepAsync(http, design)),
            };
        if (done.Errors is { } errors)
            await WriteAsync(
                http,
                done.Design with
                {
                    Errors = Translated(http, errors),
                },
                errors is [] ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
            );
    }

    private async Task<QrDesign?> FindAsync(HttpContext http, long? id)
    {
        var usual = QrLook.Usual;
        if (id is null)
            return new()
            {
                Values = Look(
                    usual.Size,
                    usual.Margin,
                    usual.ErrorCorrection,
                    usual.Foreground,
                    usual.Background,
                    usual.Style,
                    null
                ),
            };
        if (await codes.FindAsync(http.Caller(), id.Value, http.RequestAborted) is not { } code)
            return null;
        var values = Look(
            code.Size,
            code.Margin,
            code.ErrorCorrection,
            code.Foreground,
            code.Background,
            code.Style,
            code.Logo
        );
        (values["name"], values["url"], values["link_id"]) = (code.Name, code.Url ?? "", $"{code.LinkId}");
        return new() { Id = id, Values = values };
    }

    private static Dictionary<string, string> Look(
        int size,
        int margin,
        string level,
        string dark,
        string light,
        string style,
        long? logo
    ) =>
        new(StringComparer.Ordinal)
        {
            ["size"] = size.ToString(CultureInfo.InvariantCulture),
            ["margin"] = margin.ToString(CultureInfo.InvariantCulture),
            ["error_correction"] = level,
            ["foreground"] = dark,
            ["background"] = light,
            ["style"] = style,
            [Logo] = $"{logo}",
            ["url_dynamic"] = "1",
        };

    private static QrDesign With(QrDesign design, IReadOnlyDictionary<string, string> values)
    {
        Dictionary<string, string> all = new(design.Values, StringComparer.Ordinal);
        foreach (var (name, value) in values)
            all[name] = value;
        return design with { Values = all };
    }

    private async Task WriteAsync(HttpContext http, QrDesign design, int status)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var link = long.TryParse(design["link_id"], CultureInfo.InvariantCulture, out var id)
            ? await links.FindAsync(caller, id, cancel)
            : null;
        if (design.Id is null && design["link_id"] is not "" && link is null)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        if (link is not null && design["name"] is "" && HttpMethods.IsGet(http.Request.Method))
            design = With(design, new Dictionary<string, string> { ["name"] = NameOf(link) });
        design = design with
        {
            LinkText = link is null ? null : LinkLines.ShortText(link.ShortUrl),
            Logos = [.. (await logos.ListAsync(caller, ByName, cancel)).Items.Select(one => ($"{one.Id}", one.Name))],
            Presets =
            [
                .. (await presets.ListAsync(caller, ByName, cancel)).Items.Select(one => ($"{one.Id}", one.Name)),
            ],
        };
        await pages.WriteAsync<QrDesignPage>(http, new() { [nameof(QrDesignPage.View)] = design }, status);
    }

    private static string NameOf(LinkResponse link)
    {
        var name = link.Title ?? LinkLines.ShortText(link.ShortUrl);
        return name.Length <= LongestName ? name : name[..LongestName];
    }

    // A picture that was sent becomes a logo, whatever the button was, so that nobody chooses the file twice.
    private async Task<(QrDesign, IReadOnlyList<FieldError>)> UploadAsync(HttpContext http, QrDesign design)
    {
        if (http.Request.Form.Files[Picture] is not { Length: > 0 } file)
            return (design, []);
        using MemoryStream content = new((int)file.Length);
        await file.CopyToAsync(content, http.RequestAborted);
        var name = Path.GetFileNameWithoutExtension(file.FileName);
        Fields fields = new();
        fields.Add(
            "name",
            new FieldValue.Text(
                name is "" ? Logo
                : name.Length <= LongestName ? name
                : name[..LongestName]
            )
        );
        fields.Add(Picture, new FieldValue.Upload(content.ToArray(), file.Length));
        var changes = QrLogoFields.Read(new FieldReader(fields, http.Caller().TimeZone), isNew: true);
        return await logoEditor.CreateAsync(http.Caller(), changes, null, http.RequestAborted) switch
        {
            EditResult<ResourceId>.Done(var logo) => (
                With(design, new Dictionary<string, string> { [Logo] = $"{logo.Id}" }),
                []
            ),
            EditResult<ResourceId>.Refused(var why) => (
                design,
                [.. why.Errors.Select(error => error with { Field = Picture })]
            ),
            _ => (design, []),
        };
    }

    private async Task<QrDesign> UseAsync(HttpContext http, QrDesign design, string preset)
    {
        if (
            !long.TryParse(preset, CultureInfo.InvariantCulture, out var id)
            || await presets.FindAsync(http.Caller(), id, http.RequestAborted)
                is not { Value.ValueKind: JsonValueKind.Object } found
        )
            return design;
        return With(
            design,
            found
                .Value.EnumerateObject()
                .Where(one => QrDesign.LookFields.Contains(one.Name))
                .ToDictionary(one => one.Name, one => one.Value.ToString())
        );
    }

    private async Task<(QrDesign, IReadOnlyList<FieldError>)> KeepLookAsync(HttpContext http, QrDesign design)
    {
        if (await ProblemsAsync(http, design) is { Count: > 0 } problems)
            return (design, problems);
        var look = QrDesign
            .LookFields.Where(name => design[name] is not "")
            .ToDictionary(name => name, name => design[name]);
        Fields fields = new();
        fields.Add("name", new FieldValue.Text(design[PresetName]));
        fields.Add("value", new FieldValue.Text(JsonSerializer.Serialize(look)));
        var changes = PresetFields.Read<QrPresetResponse>(new FieldReader(fields, http.Caller().TimeZone), isNew: true);
        return
            await presetEditor.CreateAsync(http.Caller(), changes, null, http.RequestAborted)
                is EditResult<ResourceId>.Refused(var why)
            ? (design, [.. why.Errors.Select(error => error with { Field = PresetName })])
            : (
                With(design, new Dictionary<string, string> { [PresetName] = "" }) with
                {
                    Notice = "qr.preset.kept",
                },
                []
            );
    }

    private async Task<IReadOnlyList<FieldError>> ProblemsAsync(HttpContext http, QrDesign design)
    {
        var sketch = await sketches.ReadAsync(http.Caller(), address.Url, Reader(http, design, QrDesign.LookFields));
        return await sketches.ProblemsAsync(sketch);
    }

    // The errors; null: it is kept, and the browser goes on.
    private async Task<IReadOnlyList<FieldError>?> KeepAsync(HttpContext http, QrDesign design)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        string[] target =
            design["link_id"] is not "" ? (design.Id is null ? ["link_id"] : [])
            : design.Id is null ? ["url", "url_dynamic"]
            : ["url"];
        var changes = QrCodeFields.Read(
            Reader(http, design, ["name", .. target, .. QrDesign.LookFields]),
            isNew: design.Id is null
        );
        var result = design.Id is { } id
            ? await editor.UpdateAsync(caller, id, changes, null, cancel)
            : await keys.CreateAsync(http, keep => editor.CreateAsync(caller, changes, keep, cancel));
        if (result is EditResult<ResourceId>.Refused(var why))
            return why.Errors is [] ? [new("other", null)] : why.Errors;
        toasts.Leave(http, design.Id is null ? "qr.done.created" : "qr.done.saved", ("name", design["name"]));
        http.SeeOther($"/dashboard/qr-codes/{((EditResult<ResourceId>.Done)result).Value.Id}");
        return null;
    }

    private static FieldReader Reader(HttpContext http, QrDesign design, IEnumerable<string> names)
    {
        Fields fields = new();
        foreach (var name in names)
            fields.Add(name, new FieldValue.Text(design[name]));
        return new(fields, http.Caller().TimeZone);
    }

    private IReadOnlyList<(string, string?)> Translated(HttpContext http, IReadOnlyList<FieldError> errors)
    {
        var texts = languages.For(http).All;
        return FieldProblems.Of(errors, texts, "qr");
    }
}

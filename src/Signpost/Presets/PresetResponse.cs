using System.Text.Json;
using Signpost.Api;
using Signpost.Storage;

namespace Signpost.Presets;

/// <summary>A preset in a response of the API. Each kind has a type of its own, so that clients do too.</summary>
internal abstract record PresetResponse(long Id, string Name, JsonElement Value, string LastDatetime, string Datetime)
    : WarnedResponse
{
    protected static JsonElement ValueOf(PresetRow row) => JsonElement.Parse(row.Value);

    protected static string TimeOf(long time, TimeZoneInfo zone) => LocalTime.Format(time, zone);
}

/// <summary>Makes the response of one kind.</summary>
internal interface IPresetResponse<out TSelf>
{
    static abstract PresetKind Kind { get; }

    static abstract TSelf Of(PresetRow row, TimeZoneInfo zone);
}

/// <summary>Filters and an order of the list of links, as clients keep them.</summary>
internal sealed record ViewResponse(long Id, string Name, JsonElement Value, string LastDatetime, string Datetime)
    : PresetResponse(Id, Name, Value, LastDatetime, Datetime),
        IPresetResponse<ViewResponse>
{
    public static PresetKind Kind => PresetKind.View;

    public static ViewResponse Of(PresetRow row, TimeZoneInfo zone) =>
        new(row.Id, row.Name, ValueOf(row), TimeOf(row.UpdatedAt, zone), TimeOf(row.CreatedAt, zone));
}

/// <summary>Values of UTM parameters, as clients keep them.</summary>
internal sealed record UtmTemplateResponse(
    long Id,
    string Name,
    JsonElement Value,
    string LastDatetime,
    string Datetime
) : PresetResponse(Id, Name, Value, LastDatetime, Datetime), IPresetResponse<UtmTemplateResponse>
{
    public static PresetKind Kind => PresetKind.UtmTemplate;

    public static UtmTemplateResponse Of(PresetRow row, TimeZoneInfo zone) =>
        new(row.Id, row.Name, ValueOf(row), TimeOf(row.UpdatedAt, zone), TimeOf(row.CreatedAt, zone));
}

/// <summary>The look of a QR code, as clients keep it.</summary>
internal sealed record QrPresetResponse(long Id, string Name, JsonElement Value, string LastDatetime, string Datetime)
    : PresetResponse(Id, Name, Value, LastDatetime, Datetime),
        IPresetResponse<QrPresetResponse>
{
    public static PresetKind Kind => PresetKind.QrPreset;

    public static QrPresetResponse Of(PresetRow row, TimeZoneInfo zone) =>
        new(row.Id, row.Name, ValueOf(row), TimeOf(row.UpdatedAt, zone), TimeOf(row.CreatedAt, zone));
}

using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Signpost.Links.Targeting;
using Signpost.Storage;

namespace Signpost.Links.Versions;

/// <summary>A link with its pixels and the names of its tags, as it is or as it was.</summary>
internal sealed record LinkState(LinkRow Row, IReadOnlyList<long> Pixels, IReadOnlyList<string> Tags);

/// <summary>
/// The values of a link that its versions keep, by the names of the columns. Each is null, a text, a number or a flag. Each targeting list
/// is a text of its own.
/// </summary>
/// <remarks>
/// To add a field: a new column of <see cref="LinkRow"/> is here unless <see cref="LeftOut"/> names it. A list in another table is a member of
/// <see cref="LinkState"/>, read and written here as a text, like the pixels. A restore sends the field if <see cref="LinkResponse"/> has it
/// under the name of the request's field; <see cref="VersionRestore"/> says what happens if the thing that it names is gone. If the
/// column has another name than the field, <see cref="PublicName"/> knows both.
/// </remarks>
internal static class LinkVersionFields
{
    public const string Password = "password";
    public const string StatisticsPassword = "statistics_public_password";
    private const string Pixels = "pixels_ids";
    private const string Tags = "tags";

    // The other columns belong to no version, or follow from those that do. The hash of a password is never copied.
    private static readonly FrozenSet<string> LeftOut = FrozenSet.Create(
        nameof(LinkRow.Id),
        nameof(LinkRow.AccountId),
        nameof(LinkRow.IsGuest),
        nameof(LinkRow.IsBlocked),
        nameof(LinkRow.AliasKey),
        nameof(LinkRow.LocationHash),
        nameof(LinkRow.Position),
        nameof(LinkRow.PasswordHash),
        nameof(LinkRow.StatisticsPublicPasswordHash),
        nameof(LinkRow.Targeting),
        nameof(LinkRow.Version),
        nameof(LinkRow.CreatedAt),
        nameof(LinkRow.UpdatedAt),
        nameof(LinkRow.DeletedAt),
        nameof(LinkRow.RankedClicks)
    );

    /// <summary>The fields of passwords. A version tells that one was set, changed or removed; a restore leaves it.</summary>
    public static readonly string[] Passwords = [Password, StatisticsPassword];

    private static readonly (string Name, PropertyInfo Column)[] Columns =
    [
        .. typeof(LinkRow)
            .GetProperties()
            .Where(column => !LeftOut.Contains(column.Name))
            .Select(column => (JsonNamingPolicy.SnakeCaseLower.ConvertName(column.Name), column)),
    ];

    public static Dictionary<string, object?> Read(LinkState link)
    {
        var values = Columns.ToDictionary(one => one.Name, one => Plain(one.Column.GetValue(link.Row)));
        var lists = TargetingLists.Parse(link.Row.Targeting);
        foreach (var type in TargetingType.All)
            values[type.Field] = TargetingLists.None.With(type.Name, lists[type.Name]).ToJson();
        values[Pixels] = JsonSerializer.Serialize(link.Pixels);
        values[Tags] = JsonSerializer.Serialize(link.Tags);
        foreach (var password in Passwords)
            values[password] = HashOf(link.Row, password) is not null;
        return values;
    }

    /// <summary>The hash of one of <see cref="Passwords"/>; null: there is no such password.</summary>
    public static string? HashOf(LinkRow link, string password) =>
        password is Password ? link.PasswordHash : link.StatisticsPublicPasswordHash;

    /// <summary>A copy of the link with these values. It has no passwords; the columns of their hashes say only whether there were any.</summary>
    public static LinkState Write(LinkRow link, IReadOnlyDictionary<string, object?> values, LinkVersion version)
    {
        var row = link.Copy();
        foreach (var (name, column) in Columns)
            column.SetValue(row, Typed(values[name], column.PropertyType));
        var lists = TargetingLists.None;
        foreach (var type in TargetingType.All)
            lists = lists.With(type.Name, TargetingLists.Parse((string?)values[type.Field])[type.Name]);
        row.Targeting = lists.ToJson();
        (row.Version, row.UpdatedAt) = (version.Version, version.At);
        row.LocationHash = AddressHash.Of(row.LocationUrl);
        row.PasswordHash = values[Password] is true ? "" : null;
        row.StatisticsPublicPasswordHash = values[StatisticsPassword] is true ? "" : null;
        return new(
            row,
            JsonSerializer.Deserialize<long[]>((string)values[Pixels]!)!,
            JsonSerializer.Deserialize<string[]>((string)values[Tags]!)!
        );
    }

    /// <summary>Whether the value is a list in another table.</summary>
    public static bool IsList(string name) => name is Pixels or Tags;

    /// <summary>The name of a value in the API. Some values have two columns.</summary>
    public static string PublicName(string name) =>
        name switch
        {
            "alias" => "url",
            "location_sent" => "location_url",
            "expiration_sent" => "expiration_url",
            "start_at" => "start_date",
            "end_at" => "end_date",
            _ => name,
        };

    private static object? Plain(object? value) => value is int number ? (long)number : value;

    private static object? Typed(object? value, Type type) =>
        value is null
            ? null
            : Convert.ChangeType(value, Nullable.GetUnderlyingType(type) ?? type, CultureInfo.InvariantCulture);
}

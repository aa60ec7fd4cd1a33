using System.Text.Json;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.Shell;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.BulkCreate;

/// <summary>Checks and creates the rows of a sheet with the editor of the API.</summary>
internal sealed class BulkCreator(
    LinkEditor editor,
    FormKeys keys,
    CaseRules rules,
    OwnLanguages languages,
    SignpostSettings settings
)
{
    public const int MostRows = BulkLines.Most;
    private const string Alias = "url";

    // They would make a row something else than one link.
    private static readonly string[] LeftOut = ["is_bulk", "location_urls", "find_existing", BulkSheet.Destination];

    /// <summary>The verdict of each row, in their order. Nothing is created.</summary>
    public async Task<IReadOnlyList<BulkPage.Line>> CheckAsync(HttpContext http, BulkSheet sheet)
    {
        var texts = languages.For(http).All;
        Dictionary<(long, string), int> aliases = [];
        List<BulkPage.Line> lines = [];
        var room = await editor.RoomAsync(http.Caller(), http.RequestAborted);
        foreach (var row in sheet.Rows)
        {
            var changes = Read(http, row, isBulk: false, [row]);
            var errors = changes.Errors is []
                ? await editor.CheckNewAsync(http.Caller(), changes, http.RequestAborted)
                : changes.Errors;
            var problem = errors is [var first, ..] ? ProblemOf(first, texts) : null;
            if (problem is null && changes.Alias.Value is { } alias)
            {
                var domain = changes.DomainId.Value;
                if (!aliases.TryAdd((domain, rules.Of(domain).KeyOf(alias.Text)), row.Number))
                    problem = texts["problem.taken"];
            }

            if (problem is null && room-- is <= 0)
                problem = texts["bulk.problem.many"];
            lines.Add(new(row.Number, row[BulkSheet.Destination], row[Alias], OthersOf(row), problem));
        }

        return lines;
    }

    /// <summary>Creates the rows without an error, once for a form that is sent again.</summary>
    public async Task<Creation> CreateOnceAsync(HttpContext http, BulkSheet sheet, IReadOnlyList<BulkPage.Line> lines)
    {
        Creation? made = null;
        var kept = await keys.RunAsync(
            http,
            async () =>
            {
                var good = sheet.Rows.Zip(lines).Where(one => one.Second.Error is null).Select(one => one.First);
                var (ids, problems) = await CreateAsync(http, good);
                foreach (var line in lines.Where(line => line.Error is not null))
                    problems.Add(line.Number, line.Error!);
                made = new(ids, problems);
                return ids is [] ? null : JsonSerializer.Serialize(made, ApiJson.Options);
            }
        );
        return kept is null ? made! : JsonSerializer.Deserialize<Creation>(kept, ApiJson.Options)!;
    }

    /// <param name="Problems">The rows that are no links, by their numbers.</param>
    internal sealed record Creation(IReadOnlyList<long> Ids, Dictionary<int, string> Problems);

    /// <summary>
    /// Creates these rows. Rows that differ in their destination only are one bulk: all of them or none. Others are created one after the other.
    /// </summary>
    /// <returns>The ids, and the problems of the rows that were refused meanwhile, by the numbers of the rows.</returns>
    private async Task<(IReadOnlyList<long> Ids, Dictionary<int, string> Problems)> CreateAsync(
        HttpContext http,
        IEnumerable<BulkSheet.Row> rows
    )
    {
        var texts = languages.For(http).All;
        List<long> ids = [];
        Dictionary<int, string> problems = [];
        foreach (var group in rows.GroupBy(row => row[Alias] is "" ? OthersOf(row) : $"{row.Number}"))
        {
            BulkSheet.Row[] all = [.. group];
            var changes = Read(http, all[0], isBulk: all[0][Alias] is "", all);
            // A browser that sends the form again leaves this request.
            switch (await editor.CreateAsync(http.Caller(), changes, afterwards: null, CancellationToken.None))
            {
                case EditResult<LinkCreation>.Done(CreatedLinks made):
                    ids.AddRange(made.Ids);
                    break;
                case EditResult<LinkCreation>.Done(CreatedLink made):
                    ids.Add(made.Id);
                    break;
                case EditResult<LinkCreation>.Refused(var why):
                    var problem = why.Errors is [var first, ..] ? ProblemOf(first, texts) : texts["problem.other"];
                    foreach (var row in all)
                        problems.Add(row.Number, problem);
                    break;
            }
        }

        return (ids, problems);
    }

    private LinkChanges Read(HttpContext http, BulkSheet.Row settingsOf, bool isBulk, BulkSheet.Row[] rows)
    {
        Fields fields = new();
        foreach (var (name, value) in settingsOf.Cells)
            if (!LeftOut.Contains(name))
                Add(name, value);
        if (isBulk)
        {
            Add("is_bulk", "1");
            Add("location_urls", string.Join('\n', rows.Select(row => row[BulkSheet.Destination])));
        }
        else
            Add(BulkSheet.Destination, rows[0][BulkSheet.Destination]);

        return LinkFields.Read(fields, http.Caller().TimeZone, isNew: true, settings.AppSchemes) with
        {
            AskedHost = http.Request.Headers.Host.ToString(),
        };

        void Add(string name, string value) => fields.Add(name, new FieldValue.Text(value));
    }

    private static string OthersOf(BulkSheet.Row row) =>
        string.Join(
            " · ",
            row.Cells.Where(cell => cell.Key is not Alias && !LeftOut.Contains(cell.Key))
                .Select(cell => $"{cell.Key}={cell.Value}")
        );

    // The destination is the row's main thing; the error of another field names its column.
    private static string ProblemOf(FieldError error, IReadOnlyDictionary<string, string> texts)
    {
        var sentence = FieldProblems.Translate(error.Title, texts, "bulk");
        return error.Field is null or BulkSheet.Destination or "location_urls" or "url"
            ? sentence
            : $"{error.Field}: {sentence}";
    }
}

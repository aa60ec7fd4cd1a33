using System.Globalization;
using Signpost.Accounts;
using Signpost.Operations;
using Signpost.Web.Components;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Server.ServerPage;

namespace Signpost.Dashboard.Server;

/// <summary>Collects the state of the server for its page, from the same places as <c>/readyz</c>, the metrics and the API.</summary>
internal sealed class ServerViews(
    ServerFactsReader facts,
    AccountCatalog people,
    MailCatalog mails,
    OwnLanguages languages
)
{
    private const int MostMails = 20;
    private const int Kilo = 1_000;

    public async Task<Content> StateAsync(HttpContext http)
    {
        var (texts, cancel) = (languages.For(http).All, http.RequestAborted);
        var now = facts.Read();
        var health = now.Health;
        var failed = await mails.ListFailedAsync(MostMails, cancel);
        return new(
            health.Reasons,
            health.Warnings,
            [
                ("server.people", Shown.Number(await people.CountAsync(cancel), texts), false),
                ("server.database", Bytes(now.DatabaseBytes, texts), false),
                ("server.backlog", Bytes(health.JournalBytes, texts), false),
                (
                    "server.backlog.age",
                    texts.Fill("server.seconds", ("count", Shown.Number((long)health.BacklogSeconds, texts))),
                    false
                ),
                ("server.unrecorded", Shown.Number(health.UnrecordedClicks, texts), health.UnrecordedClicks > 0),
                .. now.Failures.Select(one =>
                    (
                        texts.Fill(
                            "server.failures",
                            ("place", texts.GetValueOrDefault($"server.place.{one.Place}", one.Place))
                        ),
                        Shown.Number(one.Count, texts),
                        true
                    )
                ),
            ],
            [
                ("Signpost", now.Program),
                (".NET", now.Runtime),
                (now.EngineName, now.Engine),
                ("server.data", now.Data),
                ("server.geo", GeoOf(now, texts)),
                ("server.node", health.Node),
            ],
            now.LastBackup,
            [
                .. from mail in failed
                select new MailLine(
                    mail.Recipient,
                    mail.Subject,
                    mail.Failure!,
                    mail.Tries,
                    DateTimeOffset.FromUnixTimeMilliseconds(mail.MadeAt)
                ),
            ],
            await mails.CountAsync(cancel)
        );
    }

    // Makers name their data as they like. Most names tell whether it has cities.
    private static string GeoOf(ServerFacts now, IReadOnlyDictionary<string, string> texts) =>
        string.Join(
            "; ",
            now.Geo.Select(file =>
            {
                var kind =
                    file.Type.Contains("city", StringComparison.OrdinalIgnoreCase) ? texts["server.geo.city"]
                    : file.Type.Contains("country", StringComparison.OrdinalIgnoreCase) ? texts["server.geo.country"]
                    : file.Type;
                return string.Create(CultureInfo.InvariantCulture, $"{kind}, {file.BuiltAt:yyyy-MM-dd}");
            })
        );

    private static string Bytes(long bytes, IReadOnlyDictionary<string, string> texts) =>
        bytes < Kilo * Kilo
            ? $"{Shown.Number(bytes / Kilo, texts)} kB"
            : $"{Shown.Number(bytes / (Kilo * Kilo), texts)} MB";
}

using System.Net;
using System.Text;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Visitors;

namespace Signpost.Clicks.Classifying;

/// <summary>
/// Turns a journaled request into a row of statistics: the address becomes a place and a number
/// that stands for the visitor for a day. Results are remembered. For one thread.
/// </summary>
internal sealed class ClickClassifier(
    AgentReader agents,
    PlaceFinder places,
    VisitorSalts salts,
    LinkOwners links,
    LinkDestinations destinations,
    ClickHosts hosts
)
{
    private const int LongestName = 64;
    private const int SecondsOfDay = 86_400;

    /// <summary>
    /// The steps that each click adds for new agents, and the most steps that are saved up: 30 ms of work or so. An
    /// agent of a person takes 800 on average, a hostile one up to <see cref="AgentParser.MostSteps"/>.
    /// </summary>
    internal const int StepsPerClick = 2_000;
    internal const long MostSteps = 5_000_000;

    private readonly SharedTexts<ClickAgent> _agents = new(1 << 16, 16 << 20);
    private readonly SharedTexts<string> _languages = new(1 << 12, 1 << 20);
    private readonly SharedTexts<ClickReferrer> _referrers = new(1 << 14, 8 << 20);
    private readonly SharedTexts<ClickUtm> _utms = new(1 << 13, 4 << 20);
    private readonly SharedTargets _targets = new(destinations);
    private readonly SharedValues<ClickAgent> _sameAgents = new();
    private readonly SharedValues<ClickReferrer> _sameReferrers = new();
    private readonly SharedPlaces _places = new();
    private readonly SharedValues<string> _sameLanguages = new();
    private long _steps = MostSteps;

    /// <summary>Whether everything for this click is loaded; if not, <see cref="VisitorSalts.LoadAwaitedAsync"/> loads it.</summary>
    public bool IsReadyFor(in JournaledClick click) =>
        click[ClickField.Address].IsEmpty || salts.IsReady(DayOf(click.Click));

    /// <summary>The link of a request that came while the database was unreachable; null: there is none.</summary>
    /// <exception cref="System.Data.Common.DbException">The database is still unreachable.</exception>
    public long? LinkOf(in JournaledClick click) => links.Find(click.DomainId, TextOf(click[ClickField.Alias]) ?? "");

    /// <exception cref="System.Data.Common.DbException">The database is unreachable, and the link's destinations or the host are not known.</exception>
    public ClickRow Classify(in JournaledClick click)
    {
        var what = click.Click;
        return new(
            what.LinkId,
            SecondsOf(what),
            salts.Hash(DayOf(what), click[ClickField.Address], click[ClickField.Agent], click.DomainId),
            what.Kind,
            what.Status,
            (click.Marks & ClickMarks.Qr) != 0,
            PlaceOf(click),
            AgentOf(click),
            LanguageOf(click),
            ReferrerOf(click),
            UtmOf(click),
            _targets.Of(click),
            hosts.Of(click),
            what.LinkVersion
        );
    }

    /// <summary>The day of a click, in days since 1970-01-01 UTC.</summary>
    public static int DayOf(in Click click) =>
        (int)Math.Clamp(Math.DivRem(SecondsOf(click), SecondsOfDay).Quotient, 0, int.MaxValue);

    private static long SecondsOf(in Click click) => Math.DivRem(click.AtMilliseconds, 1_000).Quotient;

    // There are as many addresses as visitors: a look-up costs less than remembering it.
    private ClickPlace PlaceOf(in JournaledClick click)
    {
        var address = click[ClickField.Address];
        var said = SaidPlaceOf(click[ClickField.Place]);
        if (address.IsEmpty && said == default)
            return ClickPlace.Unknown;

        var place = places.Find(address.Length is 4 or 16 ? new IPAddress(address) : null, said);
        return _places.Of(place);
    }

    private static Place SaidPlaceOf(ReadOnlySpan<byte> said) =>
        said.Length < 4
            ? default
            : new(
                Countries.FindContinent(said[..2]),
                Countries.Find(said[2..4]),
                said.Length == 4 ? null : CityName.Find(Encoding.UTF8.GetString(said[4..]))
            );

    private ClickAgent AgentOf(in JournaledClick click)
    {
        _steps = Math.Min(_steps + StepsPerClick, MostSteps);
        var text = click.Between(ClickField.Agent, ClickField.FullVersions);
        if (text.IsEmpty)
            return ClickAgent.Unknown;
        // The model matters only if it is known.
        var model = TextOf(click[ClickField.Model]);
        var kind = model is null ? 0u : (uint)(1 + (int?)ClientHints.KindOf(model) ?? 0);
        if (_agents.TryFind(text, kind, out var known))
            return known!;

        var hints = new ClientHints(
            TextOf(click[ClickField.Brands]),
            TextOf(click[ClickField.Mobile]),
            TextOf(click[ClickField.Platform]),
            null,
            TextOf(click[ClickField.FullVersions]),
            model
        );
        // Invented agents must not delay clicks: agents beyond the limit are unknown, and not remembered.
        if (agents.Read(TextOf(click[ClickField.Agent]), hints, ref _steps) is not { } told)
            return ClickAgent.Unknown;
        known = new ClickAgent(
            PlainText.Clean(told.SystemName, LongestName),
            PlainText.Clean(told.BrowserName, LongestName),
            told.DeviceName
        );
        known = known == ClickAgent.Unknown ? ClickAgent.Unknown : _sameAgents.Of(known);
        _agents.Remember(text, kind, known);
        return known;
    }

    private string? LanguageOf(in JournaledClick click)
    {
        var text = click[ClickField.Languages];
        if (text.IsEmpty)
            return null;
        if (_languages.TryFind(text, 0, out var known))
            return known;

        known = _sameLanguages.Of(AcceptLanguage.First(Encoding.UTF8.GetString(text)));
        _languages.Remember(text, 0, known);
        return known;
    }

    private ClickReferrer ReferrerOf(in JournaledClick click)
    {
        var text = click[ClickField.Referrer];
        if (text.IsEmpty)
            return ClickReferrer.None;
        if (_referrers.TryFind(text, 0, out var known))
            return known!;

        known = Referrers.Read(Encoding.UTF8.GetString(text));
        known = known == ClickReferrer.None ? ClickReferrer.None : _sameReferrers.Of(known);
        _referrers.Remember(text, 0, known);
        return known;
    }

    private ClickUtm UtmOf(in JournaledClick click)
    {
        scoped var text = click.Between(ClickField.UtmSource, ClickField.UtmCampaign);
        var rest = click.Between(ClickField.UtmTerm, ClickField.UtmContent);
        Span<byte> both = stackalloc byte[rest.IsEmpty ? 0 : text.Length + rest.Length];
        if (!rest.IsEmpty)
        {
            text.CopyTo(both);
            rest.CopyTo(both[text.Length..]);
            text = both;
        }

        if (text.IsEmpty)
            return ClickUtm.None;
        if (_utms.TryFind(text, 0, out var known))
            return known!;

        known = new ClickUtm(
            UtmOf(click[ClickField.UtmSource]),
            UtmOf(click[ClickField.UtmMedium]),
            UtmOf(click[ClickField.UtmCampaign]),
            UtmOf(click[ClickField.UtmTerm]),
            UtmOf(click[ClickField.UtmContent])
        );
        known = known == ClickUtm.None ? ClickUtm.None : known;
        _utms.Remember(text, 0, known);
        return known;
    }

    private static string? UtmOf(ReadOnlySpan<byte> text) =>
        text.IsEmpty ? null : PlainText.Clean(Encoding.UTF8.GetString(text), ClickCodec.LongestUtm);

    private static string? TextOf(ReadOnlySpan<byte> text) => text.IsEmpty ? null : Encoding.UTF8.GetString(text);
}

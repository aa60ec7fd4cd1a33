using Signpost.Addressing;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// The links of a bulk, made before the transaction that stores them, so that other writes do not wait meanwhile. Each has an alias that was
/// free when they were made.
/// </summary>
internal sealed class LinkBatch
{
    private readonly CaseRule _rule;
    private readonly ReadyRows<LinkRow> _ready;

    private LinkBatch(LinkRow template, CaseRule rule, IReadOnlyList<LinkRow> rows, ReadyRows<LinkRow> ready) =>
        (Template, _rule, Rows, _ready) = (template, rule, rows, ready);

    /// <summary>They get their ids when they are stored.</summary>
    public IReadOnlyList<LinkRow> Rows { get; }

    private LinkRow Template { get; }

    /// <summary>Makes a link for each line, with a random alias.</summary>
    /// <param name="template">The values that all links have.</param>
    public static async Task<LinkBatch> MakeAsync(
        SignpostDb db,
        CaseRule rule,
        LinkRow template,
        IReadOnlyList<BulkLine> lines
    )
    {
        template = template.Copy();
        template.IsGuest = await LinkDomains.IsGuestAsync(db, template.AccountId, template.DomainId);
        var drawn = await AliasBook.DrawAsync(db, rule, template.DomainId, lines.Count);
        List<LinkRow> rows = [.. lines.Zip(drawn, (line, alias) => LinkOf(template, line, alias))];
        return new(template, rule, rows, db.Ready(rows));
    }

    /// <summary>Whether they can be stored as they are: nothing changed since they were made. Call it in the transaction that stores them.</summary>
    public async Task<bool> FitAsync(SignpostDb db, CaseRule rule) =>
        rule == _rule
        && Template.IsGuest == await LinkDomains.IsGuestAsync(db, Template.AccountId, Template.DomainId)
        && await AliasBook.AreFreeAsync(db, Template.DomainId, [.. Rows.Select(row => row.AliasKey)]);

    public void Insert(SignpostDb db) => _ready.Insert(db);

    private static LinkRow LinkOf(LinkRow template, BulkLine line, string alias)
    {
        var link = template.Copy();
        LinkDraft.SetLocation(link, line.Location);
        (link.Alias, link.AliasKey) = (alias, alias);
        return link;
    }
}

using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.ClickStore;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>The field is_case_sensitive in the update of a domain.</summary>
internal sealed class CaseEdits(Database database, CaseRules rules, LinkLoops loops, TimeProvider clock)
{
    private const int MostNamed = 20;

    /// <summary>Why the links of a domain cannot be without case; null: they can, or nothing changes. Call it before the transaction.</summary>
    public async Task<Refusal?> CollisionsAsync(Caller caller, long id, DomainChanges changes, CancellationToken cancel)
    {
        if (changes.IsCaseSensitive is not { IsPresent: true, Value: false, As: { } field })
            return null;
        await using (var db = database.Read())
            if (await db.Domains.OwnAsync(caller, id, cancel) is not { IsCaseSensitive: true })
                return null;

        await using var connection = database.OpenRead();
        FieldError[] errors =
        [
            .. CaseCollisions
                .Find(connection, id, MostNamed)
                .Select(alias => new FieldError(
                    $"The alias {alias} differs from another alias of the domain only in case.",
                    field
                )),
            .. loops
                .WithoutCase(connection, id, MostNamed)
                .Select(alias => new FieldError($"The link {alias} would lead to itself without case.", field)),
        ];
        return errors is [] ? null : new Refusal.Conflict(errors);
    }

    /// <summary>Begins the change; the domain is not changed if there is a problem.</summary>
    /// <returns>The job, to be run after the commit, or why it cannot begin; both null: nothing changes.</returns>
    public async Task<(Job? Job, Refusal? Problem)> BeginAsync(
        SignpostDb db,
        DomainRow row,
        DomainChanges changes,
        CancellationToken cancel
    )
    {
        if (changes.IsCaseSensitive.Or(row.IsCaseSensitive) == row.IsCaseSensitive)
            return default;
        if (await CaseChange.ProblemAsync(db, row.Id, cancel) is { } problem)
            return (null, new Refusal.Conflict(new FieldError(problem, changes.IsCaseSensitive.As)));

        row.IsCaseSensitive = !row.IsCaseSensitive;
        database.AfterCommit(rules.Reload);
        if (row.IsCaseSensitive && CaseVisits.Count(db, row.Id, clock.GetUtcNow()) is > 0 and var clicks)
            changes.Warnings.Add(
                new(
                    $"{clicks:N0} {(clicks == 1 ? "click" : "clicks")} of the last 30 days came by another case than the "
                        + "alias's own. Such addresses have no link any more.",
                    changes.IsCaseSensitive.As
                )
            );
        return (CaseChange.Begin(db, row.Id, row.AccountId), null);
    }
}

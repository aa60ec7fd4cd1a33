using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Domains;
using Signpost.Links;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Domains.DomainPage;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Domains;

/// <summary>The list of domains, and the page and the forms of each.</summary>
internal sealed class DomainPages(
    DashboardPages pages,
    Toasts toasts,
    OwnLanguages languages,
    IResourceCatalog<DomainResponse> catalog,
    IResourceEditor<DomainChanges> editor,
    DomainChecks checks,
    DomainGuests guests,
    FormKeys keys,
    LinkUses links,
    LinkDomains usable,
    PublicAddress address
)
{
    public const string Path = "/dashboard/domains";
    private const string Shares = "shared_with";

    /// <summary>The fields of the form on the page of a domain.</summary>
    public static readonly string[] Fields =
    [
        "scheme",
        "custom_index_url",
        "custom_not_found_url",
        "is_enabled",
        "is_case_sensitive",
        "alias_of",
        "apple_app_site_association",
        "asset_links",
        Shares,
    ];

    private static readonly ResourceQuery ByHost = new(
        DomainEndpoints.Resource.Filters,
        new(new(1, Paging.LargestSize), ByLastEdit: false, From: null, To: null, OrderBy: "host", Ascending: true)
    );

    public Task ListAsync(HttpContext http) =>
        ShowListAsync(
            http,
            http.Request.Query["edit"] == "new" && http.Caller().May(Scopes.DomainsWrite)
                ? new(FormValues.Empty, [])
                : null,
            StatusCodes.Status200OK
        );

    public async Task CreateAsync(HttpContext http)
    {
        var (caller, values) = (http.Caller(), FormValues.Of(http.Request.Form));
        var changes = Read(caller, values, ["host"], isNew: true);
        switch (await keys.CreateAsync(http, keep => editor.CreateAsync(caller, changes, keep, http.RequestAborted)))
        {
            case EditResult<ResourceId>.Done(var made):
                http.SeeOther($"{Path}/{made.Id}");
                return;
            case EditResult<ResourceId>.Refused(var why):
                await ShowListAsync(http, new(values, Problems(http, why)), StatusCodes.Status400BadRequest);
                return;
        }
    }

    public async Task<bool> ShowAsync(HttpContext http, long id) =>
        await ShowAsync(http, id, form: null, StatusCodes.Status200OK);

    public async Task<bool> SaveAsync(HttpContext http, long id)
    {
        var (caller, values) = (http.Caller(), FormValues.Of(http.Request.Form));
        var changes = Read(caller, values, Fields, isNew: false);
        switch (await editor.UpdateAsync(caller, id, changes, null, http.RequestAborted))
        {
            case EditResult<ResourceId>.Done:
                if (changes.Warnings is [var first, ..])
                    toasts.Leave(http, "thing.warned", ("warning", Translate(http, first.Title)));
                else
                    toasts.Leave(http, "done.profile");
                http.SeeOther($"{Path}/{id}");
                return true;
            case EditResult<ResourceId>.Refused(var why) when why is not Refusal.Missing:
                return await ShowAsync(http, id, new(values, Problems(http, why)), StatusCodes.Status400BadRequest);
            default:
                return false;
        }
    }

    /// <summary>Looks for the record of a domain now. Script sends this form again and again while somebody waits.</summary>
    public async Task<bool> VerifyAsync(HttpContext http, long id)
    {
        var result = await checks.VerifyAsync(http.Caller(), id, http.RequestAborted);
        if (result is CheckResult.Missing)
            return false;
        toasts.Leave(
            http,
            result switch
            {
                CheckResult.Verified => "domain.check.verified",
                CheckResult.NoRecord => "domain.check.no_record",
                CheckResult.Taken => "problem.domain_taken",
                _ => "domain.check.no_answer",
            }
        );
        http.SeeOther($"{Path}/{id}");
        return true;
    }

    public async Task<bool> AskAsync(HttpContext http, long id) =>
        await AskAsync(http, id, new(FormValues.Empty, []), StatusCodes.Status200OK);

    /// <summary>Deletes a domain. If it has links, its host must be typed, and the form says what becomes of them.</summary>
    public async Task<bool> DeleteAsync(HttpContext http, long id)
    {
        if (await FindAsync(http.Caller(), id, http.RequestAborted) is not { } domain)
            return false;
        var values = FormValues.Of(http.Request.Form);
        if (domain.Links > 0 && !values["confirm"].Trim().Equals(domain.Host, StringComparison.OrdinalIgnoreCase))
            return await RefuseAsync([(languages.For(http)["domain.delete.confirm.wrong"], "confirm")]);
        if (domain.Links > 0 && values[DomainEditor.LinksField] is "")
            return await RefuseAsync([(languages.For(http)["problem.choice"], DomainEditor.LinksField)]);

        var query = values.ToFields([DomainEditor.LinksField]);
        switch (await editor.DeleteAsync(http.Caller(), id, query, http.RequestAborted))
        {
            case EditResult<ResourceId>.Done:
                toasts.Leave(http, "thing.deleted", ("name", domain.Host));
                http.SeeOther(Path);
                return true;
            case EditResult<ResourceId>.Refused(var why) when why is not Refusal.Missing:
                return await RefuseAsync(Problems(http, why));
            default:
                return false;
        }

        Task<bool> RefuseAsync(IReadOnlyList<(string, string?)> errors) =>
            AskAsync(http, id, new(values, errors), StatusCodes.Status400BadRequest);
    }

    private static DomainChanges Read(Caller caller, FormValues values, string[] fields, bool isNew) =>
        DomainFields.Read(new(values.ToFields(fields, Shares), caller.TimeZone), isNew);

    private IReadOnlyList<(string Text, string? Field)> Problems(HttpContext http, Refusal why) =>
        FieldProblems.Of(why.Errors, languages.For(http).All);

    private string Translate(HttpContext http, string sentence) =>
        FieldProblems.Translate(sentence, languages.For(http).All);

    private async Task<DomainView?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        if (await catalog.FindAsync(caller, id, cancel) is not { } domain)
            return null;
        var (count, accounts) = (await links.OnDomainsAsync([id], cancel)).GetValueOrDefault(id);
        return DomainView.Of(domain, count, accounts, caller.TimeZone);
    }

    private async Task<bool> ShowAsync(HttpContext http, long id, DomainForm? form, int status)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (await FindAsync(caller, id, cancel) is not { } domain)
            return false;
        await pages.WriteAsync<DomainPage>(
            http,
            new()
            {
                [nameof(DomainPage.Domain)] = domain,
                [nameof(DomainPage.Form)] = form ?? new(domain.Values, []),
                [nameof(DomainPage.MayWrite)] = caller.May(Scopes.DomainsWrite),
                [nameof(DomainPage.Targets)] = await TargetsAsync(caller, id, languages.For(http), cancel),
                [nameof(DomainPage.Server)] = new Uri(address.Url).Host,
                [nameof(DomainPage.Guests)] = await guests.ListAsync(http, domain) is { Total: > 0 } list ? list : null,
            },
            status
        );
        return true;
    }

    private async Task<bool> AskAsync(HttpContext http, long id, DomainForm form, int status)
    {
        if (await FindAsync(http.Caller(), id, http.RequestAborted) is not { } domain)
            return false;
        await pages.WriteAsync<DeleteDomainPage>(
            http,
            new()
            {
                [nameof(DeleteDomainPage.Domain)] = domain,
                [nameof(DeleteDomainPage.Form)] = form,
                [nameof(DeleteDomainPage.Main)] = usable.MayUseMain(http.Caller()) ? Main : null,
            },
            status
        );
        return true;
    }

    private async Task ShowListAsync(HttpContext http, DomainForm? form, int status)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var resource = DomainEndpoints.Resource;
        var query = ResourceQuery.Read(http.QueryReader(), resource.Filters, resource.IdName);
        var (items, total) = await catalog.ListAsync(caller, query, cancel);
        var counts = await links.OnDomainsAsync([.. items.Select(one => one.Id)], cancel);
        var hosts = (await TargetsAsync(caller, except: 0, languages.For(http), cancel)).ToDictionary(
            one => one.Value,
            one => one.Text
        );
        var list = new DomainList(
            new(Path, http.Request.Query),
            [
                .. items.Select(one =>
                {
                    var (count, accounts) = counts.GetValueOrDefault(one.Id);
                    var view = DomainView.Of(one, count, accounts, caller.TimeZone);
                    return view with { AliasOf = hosts.GetValueOrDefault(view.Values["alias_of"], Main) };
                }),
            ],
            query.Window.Paging.Start + 1,
            query.Window.Paging.Page,
            total
        )
        {
            Form = form,
            MayWrite = caller.May(Scopes.DomainsWrite),
            Main = usable.MayUseMain(caller) ? Main : null,
        };
        await pages.WriteAsync<DomainListPage>(http, new() { [nameof(DomainListPage.View)] = list }, status);
    }

    // The domains whose links another domain can serve. Nothing: its own links.
    private async Task<IReadOnlyList<Option>> TargetsAsync(
        Caller caller,
        long except,
        PageTexts texts,
        CancellationToken cancel
    )
    {
        var (domains, _) = await catalog.ListAsync(caller, ByHost, cancel);
        List<Option> targets = [new("", texts["domain.alias_of.none"])];
        if (caller.May(Scopes.Admin))
            targets.Add(new("0", Main));
        targets.AddRange(
            domains
                .Where(one => one.Id != except && one.AliasOf is null)
                .Select(one => new Option($"{one.Id}", one.Host))
        );
        return targets;
    }

    private string Main => new Uri(address.Url).Authority;
}

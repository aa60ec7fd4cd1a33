using Microsoft.Extensions.DependencyInjection;
using Signpost.Accounts;
using Signpost.Accounts.Keys;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Testing;

namespace Signpost.Tests.Accounts;

/// <summary>Editors of accounts judge the caller's rights by themselves.</summary>
public sealed class EditorRightsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Without_the_right_nobody_touches_another_account(bool isAdmin, bool hasScope)
    {
        await using var server = await TestServer.StartAsync();
        var services = server.Services;
        var caller = new Caller(
            2,
            2,
            TimeZoneInfo.Utc,
            isAdmin,
            hasScope ? Scopes.All : Scopes.All & ~Scopes.Admin,
            new Credential.Session(1),
            new Origin(null, "")
        );
        var changes = new AccountChanges { Email = "eve@example.org", Password = TestServer.AdminPassword };
        var editor = services.GetRequiredService<AccountEditor>();

        IsForbidden(await editor.CreateAsync(caller, changes, null, Cancel));
        IsForbidden(await editor.UpdateAsync(caller, 1, changes, null, Cancel));
        IsForbidden(
            await services
                .GetRequiredService<AccountRemoval>()
                .DeleteAsync(caller, 1, new Inheritance.DeleteAll(), Cancel)
        );
        IsForbidden(
            await services
                .GetRequiredService<KeyEditor>()
                .MakeAsync(caller, 1, new NewKey("hers", Scopes.LinksRead, null), null, Cancel)
        );
    }

    private static void IsForbidden<T>(EditResult<T> result) =>
        Assert.IsType<Refusal.Forbidden>(Assert.IsType<EditResult<T>.Refused>(result).Why);
}

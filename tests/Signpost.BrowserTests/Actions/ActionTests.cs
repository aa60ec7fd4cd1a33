using Signpost.Testing.Actions;

namespace Signpost.BrowserTests.Actions;

/// <summary>Does every action of every page with script.</summary>
public sealed class ActionTests(Chromium chromium)
{
    /// <summary>Actions that other tests do with script.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["POST /setup/{token}"] = nameof(SetUpTests),
        ["POST /login/passkey"] = nameof(PasskeyTests),
        ["POST /login/passkey/options"] = nameof(PasskeyTests),
        ["POST /dashboard/account/passkeys"] = nameof(PasskeyTests),
        ["POST /dashboard/account/passkeys/options"] = nameof(PasskeyTests),
        ["POST /dashboard/account/passkeys/confirm"] = nameof(PasskeyTests),
        ["POST /dashboard/account/passkeys/confirm/options"] = nameof(PasskeyTests),
        ["POST /dashboard/account/passkeys/remove"] = nameof(PasskeyTests),
        ["POST /dashboard/account/provider/disconnect"] = nameof(ProviderTests),
    };

    [Fact]
    public async Task Every_action_works_with_script()
    {
        List<View> views = [];
        await using var actions = await EveryAction.StartAsync(OpenAsync);
        try
        {
            await actions.DoAllAsync(Elsewhere);
        }
        finally
        {
            foreach (var view in views)
                await view.DisposeAsync();
        }

        async Task<IHand> OpenAsync(EveryAction all, string agent)
        {
            var view = await chromium.OpenAsync(agent: agent);
            views.Add(view);
            return await ScriptedHand.OpenAsync(all, view);
        }
    }
}

using Signpost.Testing.Actions;
using Signpost.Tests.Passkeys;
using Signpost.Tests.Providers;

namespace Signpost.Tests.Dashboard.Actions;

/// <summary>Does every action of every page without script.</summary>
public sealed class ActionTests
{
    /// <summary>Actions that other tests do. Browsers offer those of passkeys to scripts only.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["POST /setup/{token}"] = nameof(FirstRunTests),
        ["POST /login/passkey"] = nameof(PasskeySignInTests),
        ["POST /login/passkey/options"] = nameof(PasskeySignInTests),
        ["POST /dashboard/account/passkeys"] = nameof(PasskeyAccountTests),
        ["POST /dashboard/account/passkeys/options"] = nameof(PasskeyAccountTests),
        ["POST /dashboard/account/passkeys/confirm"] = nameof(PasskeyAccountTests),
        ["POST /dashboard/account/passkeys/confirm/options"] = nameof(PasskeyAccountTests),
        ["POST /dashboard/account/passkeys/remove"] = nameof(PasskeyAccountTests),
        ["POST /dashboard/account/provider/disconnect"] = nameof(ProviderAccountTests),
    };

    [Fact]
    public async Task Every_action_works_without_script()
    {
        List<Hand> hands = [];
        await using var actions = await EveryAction.StartAsync(Open);
        try
        {
            await actions.DoAllAsync(Elsewhere);
        }
        finally
        {
            foreach (var hand in hands)
                hand.Dispose();
        }

        Task<IHand> Open(EveryAction all, string agent)
        {
            Hand hand = new(all, agent);
            hands.Add(hand);
            return Task.FromResult<IHand>(hand);
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using Signpost.Storage;
using Signpost.Testing;
using static Signpost.Tests.Dashboard.SecondFactorSteps;
using Person = Signpost.Testing.Person;

namespace Signpost.Tests.Dashboard;

/// <summary>Recovery codes, for people who lost the phone.</summary>
public sealed class RecoveryCodeTests : IAsyncLifetime
{
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(null, null);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_recovery_code_lets_in_once_and_is_stored_as_a_hash()
    {
        using var ada = new Person(_server);
        var (_, codes) = await TurnOnAsync(ada);
        using var lost = new Person(_server);

        await SignInAsync(lost);
        var right = await CodeAsync(lost, codes[3].ToLowerInvariant());
        var account = await lost.GetAccountAsync(Cancel);
        using var eve = new Person(_server);
        await SignInAsync(eve);
        var again = await CodeAsync(eve, codes[3]);

        Assert.Equal(HttpStatusCode.SeeOther, right.Status);
        Assert.Contains("Recovery codes left: 9", account.Body, StringComparison.Ordinal);
        Assert.Contains("A recovery code was used", account.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        var stored = await File.ReadAllBytesAsync(Path.Combine(_server.DataDirectory, "signpost.db"), Cancel);
        Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.ASCII.GetBytes(codes[5])));
    }

    [Fact]
    public async Task Each_recovery_code_lets_in_once_one_after_the_other()
    {
        using var ada = new Person(_server);
        var (_, codes) = await TurnOnAsync(ada);

        var first = await LetInAsync(codes[4]);
        var again = await LetInAsync(codes[4]);
        var second = await LetInAsync(codes[0]);
        var third = await LetInAsync(codes[9]);

        Assert.Equal((true, false, true, true), (first, again, second, third));
    }

    [Fact]
    public async Task Recovery_codes_that_were_hashed_twice_let_in_once()
    {
        using var ada = new Person(_server);
        var (_, codes) = await TurnOnAsync(ada);
        await HashRecoveryCodesAgainAsync();

        var first = await LetInAsync(codes[4]);
        var again = await LetInAsync(codes[4]);
        var second = await LetInAsync(codes[0]);

        Assert.Equal((true, false, true), (first, again, second));
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        using var ada = new Person(_server);
        var (_, old) = await TurnOnAsync(ada);

        var made = await ada.SubmitAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/codes",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        var fresh = RecoveryCode().Matches(made.Body).Select(match => match.Value).Distinct().ToArray();
        using var other = new Person(_server);
        await SignInAsync(other);

        Assert.Equal(10, fresh.Length);
        Assert.Equal(HttpStatusCode.BadRequest, (await CodeAsync(other, old[0])).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await CodeAsync(other, fresh[0])).Status);
    }

    private async Task<bool> LetInAsync(string code)
    {
        using var person = new Person(_server);
        await SignInAsync(person);
        return (await CodeAsync(person, code)).Status == HttpStatusCode.SeeOther;
    }

    private async Task HashRecoveryCodesAgainAsync()
    {
        var rows = await _server.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                using var select = connection.Command(
                    transaction,
                    "SELECT value FROM person_tokens WHERE name = 'RecoveryCodes'"
                );
                var again = ((string)select.ExecuteScalar()!)
                    .Split(';')
                    .Select(hash => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(hash))));
                return connection.Run(
                    transaction,
                    "UPDATE person_tokens SET value = $again WHERE name = 'RecoveryCodes'",
                    ("$again", string.Join(';', again))
                );
            },
            Cancel
        );
        Assert.Equal(1, rows);
    }
}

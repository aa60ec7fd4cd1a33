using Signpost.Accounts.Keys;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Links;

/// <summary>Further accounts.</summary>
internal static class Strangers
{
    /// <summary>Makes an account in this zone; answers a client with its key.</summary>
    public static async Task<HttpClient> NewAsync(TestServer server, string zone, CancellationToken cancel)
    {
        var key = ApiKeys.Draw();
        await server.Database.WriteAsync(
            async db =>
            {
                var name = Guid.NewGuid().ToString("N");
                var account = new Account
                {
                    UserName = name,
                    NormalizedEmail = name,
                    TimeZone = zone,
                    CreatedAt = 0,
                };
                db.Users.Add(account);
                await db.SaveChangesAsync(cancel);
                db.ApiKeys.Add(ApiKeys.Row(account.Id, key, "Test", DateTimeOffset.UnixEpoch));
                return await db.SaveChangesAsync(cancel);
            },
            cancel
        );
        return server.NewClient(key);
    }
}

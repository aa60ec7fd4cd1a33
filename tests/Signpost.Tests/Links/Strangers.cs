using Signpost.Accounts.Keys;
using Signpost.Testing;
using Person = Signpost.Storage.Person;

namespace Signpost.Tests.Links;

/// <summary>Further accounts.</summary>
internal static class Strangers
{
    /// <summary>Creates an account in this zone and returns a client with its key.</summary>
    public static async Task<HttpClient> NewAsync(TestServer server, string zone, CancellationToken cancel)
    {
        var key = ApiKeys.Draw();
        await server.Database.WriteAsync(
            async db =>
            {
                var name = Guid.NewGuid().ToString("N");
                var stranger = new Person
                {
                    Account = new() { TimeZone = zone, CreatedAt = 0 },
                    Email = name,
                    NormalizedEmail = name,
                    SecurityStamp = name,
                };
                db.People.Add(stranger);
                await db.SaveChangesAsync(cancel);
                db.ApiKeys.Add(ApiKeys.Row(stranger.Id, key, "Test", DateTimeOffset.UnixEpoch));
                return await db.SaveChangesAsync(cancel);
            },
            cancel
        );
        return server.NewClient(key);
    }
}

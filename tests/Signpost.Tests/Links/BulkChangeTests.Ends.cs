using System.Net;
using Signpost.Links.Bulk;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Links;

/// <content>Changes that end early, and limits.</content>
public sealed partial class BulkChangeTests
{
    [Fact]
    public async Task It_ends_when_it_is_cancelled_when_the_member_is_removed_and_when_the_account_goes()
    {
        foreach (
            var (how, isDeletion) in ((string, bool)[])[("cancelled", true), ("stopped", false), ("erased", false)]
        )
        {
            var owner = await NewTeamAsync();
            var member = await JoinAsync(owner, "editor");
            for (var i = 0; i < 3; i++)
                await NewLinkAsync(member.Key);
            (string, string) change = isDeletion ? ("delete", "1") : ("is_enabled", "0");
            using SemaphoreSlim reached = new(0),
                go = new(0);
            Worker.AfterLink = _ =>
            {
                reached.Release();
                go.Wait(Patience.Longest, Cancel);
            };
            try
            {
                var begun = await PostAsAsync(member.Key, Bulk + "?all=1", change);
                await reached.WaitAsync(Cancel).OrFail();
                var during = await SendAsync(HttpMethod.Get, PathOf(begun), http: owner.Key);
                var asked = how switch
                {
                    "cancelled" => SendAsync(HttpMethod.Delete, PathOf(begun), http: owner.Key),
                    "stopped" => SendAsync(HttpMethod.Delete, $"/api/team-members/{member.Id}", http: owner.Key),
                    _ => SendAsync(HttpMethod.Delete, $"/api/teams/{owner.Team}?links=delete", http: owner.Key),
                };
                Assert.Equal(HttpStatusCode.NoContent, (await asked).Status);
                go.Release(3);
                await Patience.UntilAsync(() => Task.FromResult(!HasJob(begun)), "The end of the job");

                Assert.Equal("running 3 1 0", SumOf(during.Json["data"]!));
                await using var db = Server.Database.Read();
                if (how is "erased")
                    Assert.Empty(db.BulkChanges.Where(bulk => bulk.AccountId == owner.Team));
                else
                {
                    var end = await SendAsync(HttpMethod.Get, PathOf(begun), http: owner.Key);
                    Assert.Equal($"{how} 3 1 0", SumOf(end.Json["data"]!));
                    Assert.Equal(2, db.Links.Count(link => link.AccountId == owner.Team && link.Version == 1));
                }
            }
            finally
            {
                go.Release(3);
                Worker.AfterLink = _ => { };
            }
        }
    }

    [Fact]
    public async Task Running_changes_kept_ones_and_named_failures_are_bounded()
    {
        var (person, links, _, _) = await SetUpAsync();
        using SemaphoreSlim reached = new(0),
            go = new(0);
        Worker.AfterLink = _ =>
        {
            reached.Release();
            go.Wait(Patience.Longest, Cancel);
        };
        try
        {
            await AddAsync(person, BulkStatus.Done, BulkEditor.MostKept + 5);
            await AddAsync(person, BulkStatus.Running, BulkEditor.MostRunning - 1);
            var begun = await PostAsAsync(person.Http, Bulk + "?all=1", ("is_enabled", "0"));
            var full = await PostAsAsync(person.Http, Bulk + "?all=1", ("is_enabled", "0"));
            await reached.WaitAsync(Cancel).OrFail();
            await using (var db = Server.Database.Read())
                Assert.Equal(
                    BulkEditor.MostKept - 1,
                    db.BulkChanges.Count(bulk => bulk.AccountId == person.Id && bulk.Status == BulkStatus.Done)
                );
            await SendAsync(HttpMethod.Delete, $"/api/links/{links[3]}", http: person.Http);
            await Server.Database.WriteAsync(
                db =>
                {
                    for (var i = 1; i <= BulkWorker.MostFailures; i++)
                        db.BulkFailures.Add(
                            new()
                            {
                                BulkId = IdOf(begun),
                                LinkId = -i,
                                Reason = "Made up.",
                            }
                        );
                    return db.SaveChangesAsync(Cancel);
                },
                Cancel
            );
            go.Release(4);
            var end = await EndAsync(begun, person.Http);

            Assert.Equal(HttpStatusCode.Conflict, full.Status);
            Assert.Equal("done 4 3 1", SumOf(end));
            Assert.Equal(BulkWorker.MostFailures, end["failures"]!.AsArray().Count);
        }
        finally
        {
            go.Release(4);
            Worker.AfterLink = _ => { };
        }
    }

    private Task<int> AddAsync(Somebody person, BulkStatus status, int count) =>
        Server.Database.WriteAsync(
            db =>
            {
                for (var i = 0; i < count; i++)
                    db.BulkChanges.Add(
                        new()
                        {
                            AccountId = person.Id,
                            KeyId = 0,
                            Deletes = false,
                            Fields = "",
                            TimeZone = "UTC",
                            AskedHost = "",
                            Status = status,
                            Total = 1,
                            CreatedAt = 0,
                            UpdatedAt = 0,
                        }
                    );
                return db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
}

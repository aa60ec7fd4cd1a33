using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Signpost.Accounts.SignIn;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Testing;
using Person = Signpost.Storage.Person;

namespace Signpost.Tests.Accounts;

/// <summary>How passwords are hashed, and the work of a sign-in that fails.</summary>
public sealed class PasswordHashTests
{
    private const int Sha512 = 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hash_carries_its_function_and_rounds_and_an_old_one_is_renewed_at_the_next_sign_in()
    {
        await using var server = await TestServer.StartAsync();
        var today = await HashAsync(server);
        var old = new PasswordHasher<Person>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        await server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "UPDATE people SET password_hash = @hash",
                    ("@hash", old.HashPassword(null!, TestServer.AdminPassword))
                ),
            Cancel
        );
        Assert.Equal((Sha512, 1_000), FormatOf(await HashAsync(server)));
        using var ada = new Testing.Person(server);

        var welcome = await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        Assert.Equal(HttpStatusCode.SeeOther, welcome.Status);
        Assert.Equal((Sha512, 210_000), FormatOf(today));
        Assert.Equal((Sha512, 210_000), FormatOf(await HashAsync(server)));
    }

    [Fact]
    public async Task An_unknown_account_takes_the_same_work_as_a_wrong_password()
    {
        var hasher = new CountingHasher();
        using var hashing = new PasswordHashing(hasher);
        var stored = await hashing.HashAsync("right", Cancel);
        await hashing.VerifyAsync(null, "warms up", Cancel);
        hasher.Verified.Clear();

        var wrong = await hashing.VerifyAsync(stored, "wrong", Cancel);
        var unknown = await hashing.VerifyAsync(null, "wrong", Cancel);

        Assert.Equal((PasswordVerificationResult.Failed, PasswordVerificationResult.Failed), (wrong, unknown));
        Assert.Equal([(Sha512, 210_000), (Sha512, 210_000)], hasher.Verified.Select(FormatOf));
        Assert.Equal(2, hasher.Hashed);
    }

    [Fact]
    public async Task Few_passwords_are_hashed_at_once_few_wait_and_the_next_is_refused()
    {
        var room = Math.Max(1, Environment.ProcessorCount / 2);
        var hasher = new WaitingHasher();
        using var hashing = new PasswordHashing(hasher);
        List<Task> hashes = [];
        for (var i = 0; i < 64; i++)
            hashes.Add(hashing.HashAsync("waits", Cancel));

        await Assert.ThrowsAsync<TooBusyException>(() => hashing.HashAsync("one more", Cancel));
        await Patience.UntilAsync(() => Task.FromResult(hasher.Started == room), "The first hashes");
        hasher.Go.Set();
        await Task.WhenAll(hashes).OrFail("All hashes");

        Assert.Equal(64, hasher.Started);
        Assert.Equal(room, hasher.MostAtOnce);
        await hashing.HashAsync("has room again", Cancel);
    }

    // Identity's format: 1, the function, the rounds, the length of the salt; big endian.
    private static (int Function, int Rounds) FormatOf(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal(1, bytes[0]);
        return (
            BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)),
            BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5))
        );
    }

    private static async Task<string> HashAsync(TestServer server)
    {
        await using var connection = server.Database.OpenRead();
        await using var command = connection.Command(null, "SELECT password_hash FROM people");
        return (string)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private sealed class CountingHasher : IPasswordHasher<Person>
    {
        private readonly IPasswordHasher<Person> _inner = PasswordHashing.NewHasher();

        public List<string> Verified { get; } = [];

        public int Hashed { get; private set; }

        public string HashPassword(Person user, string password)
        {
            Hashed++;
            return _inner.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(Person user, string hashed, string provided)
        {
            Verified.Add(hashed);
            return _inner.VerifyHashedPassword(user, hashed, provided);
        }
    }

    private sealed class WaitingHasher : IPasswordHasher<Person>
    {
        private int _now;
        private int _started;
        private int _most;

        public ManualResetEventSlim Go { get; } = new();

        public int Started => Volatile.Read(ref _started);

        public int MostAtOnce => Volatile.Read(ref _most);

        public string HashPassword(Person user, string password)
        {
            var now = Interlocked.Increment(ref _now);
            InterlockedMax(ref _most, now);
            Interlocked.Increment(ref _started);
            Assert.True(Go.Wait(TimeSpan.FromMinutes(1), Cancel));
            Interlocked.Decrement(ref _now);
            return "hash";
        }

        public PasswordVerificationResult VerifyHashedPassword(Person user, string hashed, string provided) =>
            throw new NotSupportedException();

        private static void InterlockedMax(ref int most, int value)
        {
            for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}

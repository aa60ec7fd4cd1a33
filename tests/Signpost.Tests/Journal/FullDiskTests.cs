using System.Diagnostics;
using Signpost.Clicks;
using Signpost.Testing;
using Signpost.Tests.Clicks;

namespace Signpost.Tests.Journal;

/// <summary>A real file system without room. Mounting one needs root: without, these fail rather than pass unseen.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _mount = Directory.CreateTempSubdirectory("signpost-full-").FullName;

    public FullDiskTests() => Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", _mount);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_room_clicks_are_refused_and_counted_until_there_is_room_again(bool mapped)
    {
        using var files = new JournalFixture { Root = Subdirectory(), MapsSegments = mapped };
        var journal = files.Open();
        Fill();

        var recorded = 0;
        while (journal.TryAppend(JournalFixture.Click(recorded + 1)))
            recorded++;
        files.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.False(journal.TryAppend(JournalFixture.Click(0)));
        Assert.InRange(journal.State.Unrecorded, 2, 2);
        Assert.NotNull(journal.State.Trouble);

        File.Delete(Filler);
        files.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(journal.State.IsWritable);
        Assert.True(journal.TryAppend(JournalFixture.Click(recorded + 1)));
        Assert.Equal(Enumerable.Range(1, recorded + 1).Select(i => (long)i), JournalFixture.Read(journal));
    }

    [Fact]
    public void A_start_without_room_serves_and_records_when_there_is_some()
    {
        var root = Subdirectory();
        using (var before = new JournalFixture { Root = root })
            before.Open().Identify();
        Directory.CreateDirectory(root);
        using var files = new JournalFixture { Root = root };
        files.Make().Identify();
        Fill();

        var journal = files.Open();

        Assert.False(journal.State.IsWritable);
        Assert.False(journal.TryAppend(JournalFixture.Click(1)));
        File.Delete(Filler);
        files.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(journal.TryAppend(JournalFixture.Click(1)));
        Assert.Null(journal.State.Trouble);
    }

    [Fact]
    public async Task A_use_that_could_not_be_recorded_is_given_back()
    {
        using var files = new JournalFixture { Root = Subdirectory() };
        files.Make().Identify();
        Fill();
        var counts = new ClickCounts(new MemoryStore());
        var recorder = new ClickRecorder(files.Open(), counts);
        await recorder.LoadUsedAsync(1, TestContext.Current.CancellationToken);

        Assert.True(recorder.TryConsume(1, limit: 1));
        Assert.False(recorder.TryRecord(JournalFixture.Click(1), consumed: true));

        Assert.True(recorder.TryConsume(1, limit: 1));
        Assert.False(recorder.TryConsume(1, limit: 1));
    }

    public void Dispose()
    {
        Run("umount", "-l", _mount);
        Directory.Delete(_mount);
    }

    private string Filler => Path.Combine(_mount, "filler");

    private string Subdirectory() => Directory.CreateDirectory(Path.Combine(_mount, "journal")).FullName;

    private void Fill()
    {
        using var filler = File.Create(Filler);
        try
        {
            while (true)
            {
                filler.Write(new byte[4_096]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as wished.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        List<string?> errors = [];
        process.ErrorDataReceived += (_, heard) => errors.Add(heard.Data);
        process.BeginErrorReadLine();
        Assert.True(process.WaitForExit(Patience.Longest), $"{program} does not end.");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {string.Join(' ', errors)}");
    }
}

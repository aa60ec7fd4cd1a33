using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.Tests.Journal;

/// <summary>A journal in a directory of its own, which a test opens, kills and opens again.</summary>
internal sealed class JournalFixture : IDisposable
{
    private readonly List<ClickJournal> _opened = [];

    /// <summary>Stands still for what a test calls killed, when the test takes a new one for what comes after.</summary>
    public ManualClock Clock { get; set; } = new();

    public string Root { get; init; } = Directory.CreateTempSubdirectory("signpost-journal-").FullName;

    public ClickDurability Durability { get; init; }

    public int SegmentSize { get; init; } = 64 << 10;

    public bool MapsSegments { get; init; } = true;

    public ILogger<ClickJournal> Log { get; init; } = NullLogger<ClickJournal>.Instance;

    public ClickJournal Last => _opened[^1];

    public string[] Segments => [.. Directory.GetFiles(Root, "*.seg").Order()];

    public static Click Click(long link, ClickKind kind = ClickKind.Person) => new(link, 1, 1_000 + link, kind, 302);

    public JournalSettings Settings =>
        new(Root, Durability, "test") { SegmentSize = SegmentSize, MapsSegments = MapsSegments };

    public ClickJournal Make() => new(Settings, Clock, Log);

    public ClickJournal Open(JournalPosition stored = default)
    {
        var journal = Make();
        journal.Identify();
        journal.Open(stored);
        _opened.Add(journal);
        return journal;
    }

    /// <summary>Nothing is known of the ends of segments.</summary>
    public void LoseEnds() => File.Delete(Path.Combine(Root, "journal.ends"));

    /// <summary>The files that a process leaves behind if it is killed after these clicks: as they are, never closed.</summary>
    public string Leave(params long[] links)
    {
        var before = Segments;
        var journal = Open();
        foreach (var link in links)
            Assert.True(journal.TryAppend(Click(link)));

        // Until the next segment stands ready: then it does nothing more, as if it were killed.
        Assert.True(
            SpinWait.SpinUntil(() => Segments.Except(before).Count() == 2, Patience.Longest),
            "No second segment stands ready."
        );
        return Segments.Except(before).Order().First();
    }

    public static List<long> Read(ClickJournal journal, JournalPosition from = default, int most = 100)
    {
        var reader = new JournalReader(journal);
        List<long> links = [];
        while (reader.Read(from, most) is { } batch)
        {
            Assert.Equal(from, batch.Start);
            links.AddRange(batch.Clicks.Select(click => click.LinkId));
            from = batch.End;
        }

        return links;
    }

    public static JournalPosition End(ClickJournal journal)
    {
        var reader = new JournalReader(journal);
        var position = JournalPosition.Start;
        while (reader.Read(position, 1_000) is { } batch)
            position = batch.End;
        return position;
    }

    public void Dispose()
    {
        foreach (var journal in _opened)
            journal.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}

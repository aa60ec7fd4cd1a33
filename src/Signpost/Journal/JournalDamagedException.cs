namespace Signpost.Journal;

/// <summary>
/// The journal holds bytes that a killed process cannot leave. Reading on would lose clicks silently, so the server does not
/// start; the message names the file and the byte, and what to do.
/// </summary>
internal sealed class JournalDamagedException : Exception
{
    public JournalDamagedException(string path, long offset, string what)
        : this(
            path,
            offset,
            what,
            "Nothing was changed. Run the command 'repair-journal': it keeps the file as it is now under the name "
                + $"{System.IO.Path.GetFileName(path)}.damaged, and every click that can be read is still counted."
        ) { }

    private JournalDamagedException(string path, long offset, string what, string advice)
        : base($"The click journal is damaged: {path}, byte {offset}: {what}. {advice}") =>
        (Path, Offset) = (path, offset);

    public string Path { get; }

    public long Offset { get; }

    /// <summary>A valid record of a version that this program does not know.</summary>
    public static JournalDamagedException Newer(string path, long offset, byte version) =>
        new(
            path,
            offset,
            $"a click of version {version}, which only a newer Signpost reads",
            "Start that version once, until all clicks are stored."
        );
}

namespace Signpost.Core.Visitors;

/// <summary>The reason why bytes are no valid MMDB file: one sentence, to follow the file's name.</summary>
public sealed class MmdbFormatException(string message) : Exception(message);

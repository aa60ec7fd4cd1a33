namespace Signpost.Core.Visitors;

/// <summary>Why bytes are no sound MMDB file: one sentence, to stand after the file's name.</summary>
public sealed class MmdbFormatException(string message) : Exception(message);

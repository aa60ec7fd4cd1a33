namespace Signpost.Storage;

/// <summary>A database file that cannot be used: the message names the file, the reason and what to do.</summary>
internal sealed class DatabaseDamagedException(string message, Exception? cause = null) : Exception(message, cause);

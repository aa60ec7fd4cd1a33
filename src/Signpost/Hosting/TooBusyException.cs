namespace Signpost.Hosting;

/// <summary>There are too many requests of this kind, so this one was not begun. The response is 503 with a time to try again.</summary>
internal sealed class TooBusyException(string message) : Exception(message);

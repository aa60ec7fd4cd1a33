namespace Signpost.Hosting;

/// <summary>So much was asked for at once that this was not begun. It is answered with 503 and when to try again.</summary>
internal sealed class TooBusyException(string message) : Exception(message);
